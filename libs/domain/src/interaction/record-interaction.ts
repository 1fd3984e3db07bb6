import * as E from 'fp-ts/Either';
import { type CommandDefinition, decided } from '../command/definition';
import { refuse } from '../command/errors';
import { guardNotFuture } from '../command/guards';
import { idFromCommand } from '../command/identity';
import { rootOf } from '../command/knowledge';
import { repeats } from '../command/same-statement';
import { consentNeededFor } from '../consent/policy-violation';
import type { FactData } from '../facts/catalogue';
import { channel } from '../facts/channels';
import { code, freeText, id, instant, integer, oneOf } from '../facts/codec';
import type { Fact } from '../facts/envelope';
import { list, record, type RecordOf, said } from '../facts/structure';
import { toIso } from '../time/calendar';
import { surveyInstruments } from '../survey/events';
import { interactionDirections, interactionOutcomes, interactionPurposes } from './events';

const required = {
  partyId: id,
  direction: oneOf(interactionDirections),
  channel,
  purpose: oneOf(interactionPurposes),
  topicCode: code,
  outcome: oneOf(interactionOutcomes),
};
/** `startedAt`: the command's occurredAt when absent. */
const optional = {
  interactionId: id,
  startedAt: instant,
  endedAt: instant,
  actingPartyId: id,
  momentCode: code,
  waitSeconds: integer(0, 86_400),
  agentId: id,
  answerCode: code,
  reAskedFields: list(code, 0, 100),
  previousChannel: channel,
  links: record({}, { orderId: id, requestId: id, complaintId: id, campaignId: id, surveyId: id }),
  instrument: oneOf(surveyInstruments),
  notes: said(freeText),
};
export type RecordInteraction = RecordOf<typeof required, typeof optional>;

type Recorded = FactData['InteractionRecorded'];
export type InteractionState =
  { readonly stage: 'unknown' } | { readonly stage: 'recorded'; readonly recorded: Recorded };

const interactionIdOf = ({ interactionId }: RecordInteraction, { commandId }: { readonly commandId: string }): string =>
  interactionId ?? idFromCommand(commandId, 'interaction');

/** Records one contact (`domain.md §4.2`). What was imported as a fact is accepted without this check. */
export const recordInteraction: CommandDefinition<RecordInteraction, InteractionState> = {
  name: 'RecordInteraction',
  input: record(required, optional),
  needs: ({ partyId, actingPartyId, direction, purpose, channel: through, startedAt }, { occurredAt }) => {
    const consent = consentNeededFor({ direction, purpose });
    const at = startedAt === undefined ? occurredAt : Date.parse(startedAt);
    return {
      parties: actingPartyId === undefined ? [partyId] : [partyId, actingPartyId],
      contact: consent === null ? null : { partyId, purpose: consent, channel: through, at },
    };
  },
  streamOf: (input, context) => `interaction-${interactionIdOf(input, context)}`,
  initial: { stage: 'unknown' },
  evolve: (state: InteractionState, fact: Fact) =>
    state.stage === 'unknown' && fact.type === 'InteractionRecorded'
      ? { stage: 'recorded', recorded: fact.data }
      : state,
  partiesIn: (state) => (state.stage === 'unknown' ? [] : [state.recorded.partyId]),
  decide: (input, context) => (state) => {
    const { knowledge } = context;
    const interactionId = interactionIdOf(input, context);
    const startedAt = input.startedAt === undefined ? context.occurredAt : Date.parse(input.startedAt);
    const future = guardNotFuture(startedAt, context, '/startedAt');
    if (future) return E.left(future);
    if (input.endedAt !== undefined && Date.parse(input.endedAt) < startedAt) {
      return refuse('InvalidInterval', `the contact started at ${toIso(startedAt)}`, { path: '/endedAt' });
    }
    const partyId = rootOf(knowledge, input.partyId);
    const acting = input.actingPartyId === undefined ? {} : { actingPartyId: rootOf(knowledge, input.actingPartyId) };
    const recorded = {
      ...input,
      ...acting,
      interactionId,
      partyId,
      startedAt: toIso(startedAt),
      reAskedFields: input.reAskedFields ?? [],
      links: input.links ?? {},
    };
    if (state.stage === 'recorded') {
      return repeats(state.recorded, recorded, knowledge)
        ? E.right([])
        : refuse('InvalidState', `interaction ${interactionId} was recorded already`, { path: '/interactionId' });
    }
    if (consentNeededFor(input) !== null && !knowledge.contact?.permitted) {
      const reason = knowledge.contact?.reason ?? 'no_consent';
      return refuse('ContactNotPermitted', `a contact for ${input.purpose} is not permitted: ${reason}`, {
        path: '/purpose',
        details: { reason },
      });
    }
    const subjects = new Set([partyId, ...Object.values(acting)]);
    return E.right([decided('InteractionRecorded', recorded, [...subjects], input.channel)]);
  },
};
