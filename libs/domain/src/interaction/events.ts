import type * as t from 'io-ts';
import { channel } from '../facts/channels';
import { code, freeText, id, instant, integer, oneOf } from '../facts/codec';
import { list, personal, record } from '../facts/structure';
import { surveyInstruments } from '../survey/events';

export const interactionDirections = ['inbound', 'outbound'] as const;

export const interactionPurposes = [
  'service',
  'sales',
  'campaign',
  'welcome',
  'profiling',
  'survey',
  'follow_up',
  'retention',
  'winback',
  'complaint',
  'information',
] as const;
export type InteractionPurpose = (typeof interactionPurposes)[number];

export const interactionOutcomes = [
  'answered',
  'no_answer',
  'voicemail',
  'bounced',
  'refused',
  'completed',
  'abandoned',
] as const;

/**
 * One contact. `actingPartyId`: who acts for the party (`domain.md §3`, agent). `momentCode`: moment
 * of truth (`§4.3`). `answerCode` and `reAskedFields` feed the consistency rules CX2 and CX3 (`§4.4`).
 */
export const InteractionRecorded = record(
  {
    interactionId: id,
    partyId: id,
    direction: oneOf(interactionDirections),
    channel,
    purpose: oneOf(interactionPurposes),
    topicCode: code,
    startedAt: instant,
    outcome: oneOf(interactionOutcomes),
    reAskedFields: list(code, 0, 100),
    links: record({}, { orderId: id, requestId: id, complaintId: id, campaignId: id, surveyId: id }),
  },
  {
    actingPartyId: id,
    momentCode: code,
    endedAt: instant,
    waitSeconds: integer(0, 86_400),
    agentId: id,
    answerCode: code,
    previousChannel: channel,
    instrument: oneOf(surveyInstruments),
    notes: personal(freeText),
  },
);
export type InteractionRecorded = t.TypeOf<typeof InteractionRecorded>;
