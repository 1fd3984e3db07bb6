import type * as t from 'io-ts';
import { channel, channels } from '../facts/channels';
import { boolean, code, id, instant, integer, minorUnits, string } from '../facts/codec';
import { list, record } from '../facts/structure';

/** `holdoutPct`: per cent of the segment that is never contacted (`domain.md §13.6`). */
export const CampaignLaunched = record({
  campaignId: id,
  name: string(1, 200),
  objective: code,
  segmentId: id,
  propositionId: id,
  channels: list(channel, 1, channels.length),
  startsAt: instant,
  endsAt: instant,
  budgetMinor: minorUnits,
  holdoutPct: integer(0, 50),
  warningAcknowledged: boolean,
});
export type CampaignLaunched = t.TypeOf<typeof CampaignLaunched>;
