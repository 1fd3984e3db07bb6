export { type EventRef, eventRefOf } from '../timeline/event-ref';
export { profileFields } from './fields';
export { type PartyHistory, partyHistoryOf, stateOf } from './party-history';
export {
  type Because,
  differencesSince,
  type FieldDifference,
  type FieldChange,
  type FieldProvenance,
  type LastChange,
  lastChanges,
  provenanceOf,
} from './provenance';
export { MOST_EVENTS_DOUBTED } from './rests-on';
export { compareCustomers, type CompareOptions, type CustomersCompared } from './compare/compare-customers';
export type { Side } from './compare/side';
export {
  type Migration,
  type Migrations,
  type Moved,
  type QueueCounts,
  type Respect,
  type Summary,
} from './compare/summary';
