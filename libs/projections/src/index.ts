export { build, type BuildProgress } from './engine/build';
export { type FactSource, foldFromFacts, historyOf, ledgerSource, type World } from './engine/customer-facts';
export { ProjectionEngine, PROJECTIONS_VERSION } from './engine/engine';
export { type Replayed } from './engine/dead-letters';
export { type PlacedFact, placedFact } from './engine/ledger-entry';
export { isOtherVersion, isOutdated, isSameLog, needsBuild, type Projections, startProjections } from './engine/run';
export {
  DEFAULT_WINDOW_DAYS,
  type Figures,
  type FiguresQuestion,
  type JsonObject,
  type PartyView,
} from './figures/definition';
export { readOnce } from './figures/read-once';
export { figures, partyViews } from './figures/registry';
export { type Model, reportOf } from './reports/definition';
export { models } from './reports/models';
export { type MomentChange, momentChanges, momentScores } from './channels/moment-scores';
export { countGroups, grouped } from './loyalty/groups';
export { closedItems } from './scorecard/queues';
export { momentNameOf } from './channels/moments';
export { customerRowOf } from './profile/customer-row';
export { type Profile360, profileOf } from './profile/profile';
export { channelOf, purposeOf } from './timeline/event-ref';
export { type TimelineEntry, timelineEntryOf } from './timeline/timeline';
export {
  type DeadLetterExplanation,
  deadLettersAbout,
  deadLetterView,
  explainDeadLetter,
} from './dead-letters/dead-letter-view';
export { type ItemView, itemViewOf } from './queues/item-view';
export { loyaltyOf, type LoyaltyView, zoneHistoryOf, type ZonePeriodView } from './loyalty/loyalty';
export * from './provenance';
export { isoOrNull } from './iso';
