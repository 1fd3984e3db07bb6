import type * as t from 'io-ts';
import { channel } from '../facts/channels';
import { boolean, code, freeText, id, instant, minorUnits, oneOf, reference } from '../facts/codec';
import { list, personal, record } from '../facts/structure';

/** Why customers leave (`domain.md §9.1`). */
export const defectionReasons = [
  'poor_attention',
  'poor_quality',
  'competition',
  'changing_needs',
  'lack_of_interaction',
  'pricing',
  'inconvenience',
  'failed_recovery',
  'ethical',
  'involuntary',
] as const;
export type DefectionReason = (typeof defectionReasons)[number];
/** Reasons that we cannot influence; all others are controllable. */
export const uncontrollableReasons: ReadonlyArray<DefectionReason> = ['changing_needs', 'involuntary'];

export const retentionKinds = ['proactive', 'preventive', 'reactive'] as const;

/** `withdrawn: true`: the customer took the notice back. */
export const DefectionNoticeReceived = record(
  { partyId: id, effectiveAt: instant, reasonCodes: list(oneOf(defectionReasons), 0, 3), channel },
  { competitorId: id, withdrawn: boolean },
);
export type DefectionNoticeReceived = t.TypeOf<typeof DefectionNoticeReceived>;

/** Reasons in order of importance. */
export const DefectionDiagnosed = record(
  { partyId: id, reasonCodes: list(oneOf(defectionReasons), 1, 3), controllable: boolean },
  { circumstances: personal(freeText), competitorId: id },
);
export type DefectionDiagnosed = t.TypeOf<typeof DefectionDiagnosed>;

/** `costMinor` in the reporting currency. */
export const RetentionMeasureTaken = record({
  partyId: id,
  kind: oneOf(retentionKinds),
  measure: code,
  triggerEventId: reference,
  costMinor: minorUnits,
});
export type RetentionMeasureTaken = t.TypeOf<typeof RetentionMeasureTaken>;
