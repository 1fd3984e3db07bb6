import type * as t from 'io-ts';
import { code, id, instant, oneOf, reference } from '../facts/codec';
import { list, record } from '../facts/structure';

/** Rights that a data subject can use (`domain.md §17`). */
export const dataSubjectRequestKinds = [
  'access',
  'rectification',
  'erasure',
  'portability',
  'objection',
  'restriction',
] as const;
export type DataSubjectRequestKind = (typeof dataSubjectRequestKinds)[number];
export const dataSubjectRequestOutcomes = ['fulfilled', 'refused'] as const;
export type DataSubjectRequestOutcome = (typeof dataSubjectRequestOutcomes)[number];

export const DataSubjectRequestReceived = record({
  partyId: id,
  dsrId: id,
  kind: oneOf(dataSubjectRequestKinds),
  receivedAt: instant,
  dueAt: instant,
});
export type DataSubjectRequestReceived = t.TypeOf<typeof DataSubjectRequestReceived>;

export const DataSubjectRequestFulfilled = record(
  { partyId: id, dsrId: id, outcome: oneOf(dataSubjectRequestOutcomes) },
  { refusalBasis: code, artefactHash: reference },
);
export type DataSubjectRequestFulfilled = t.TypeOf<typeof DataSubjectRequestFulfilled>;

/** Recorded after the keys are destroyed (`domain.md §17.3`). */
export const PersonalDataErased = record(
  { partyId: id, keyIds: list(reference, 1, 1_000), basis: code },
  { dsrId: id },
);
export type PersonalDataErased = t.TypeOf<typeof PersonalDataErased>;
