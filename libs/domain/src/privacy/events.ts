import type * as t from 'io-ts';
import { code, id, instant, oneOf, personalClasses, reference } from '../facts/codec';
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
export const dataSubjectRequestOutcomes = ['fulfilled', 'refused'] as const;

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

/**
 * Recorded after the keys are destroyed (`domain.md §17.3`). `classes`: of which keys; all where it is absent,
 * as in facts from before there were periods (§17.9). Identity does not go without content.
 */
export const PersonalDataErased = record(
  { partyId: id, keyIds: list(reference, 1, 1_000), basis: code },
  { dsrId: id, classes: list(oneOf(personalClasses), 1, personalClasses.length) },
);
export type PersonalDataErased = t.TypeOf<typeof PersonalDataErased>;

/** Whether nothing personal is left after it: only an erasure of free text alone leaves the rest. */
export const isErasureOfAll = ({ classes }: Pick<PersonalDataErased, 'classes'>): boolean =>
  classes === undefined || classes.includes('identity');
