export { type CommandCall, type CommandFailure, type CommandOutcome } from './commands/executor';
export { type ClaimNext } from './commands/claim-next';
export { type ReviewPortfolio } from './commands/review-portfolio';
export { type Intake, type IntakeResult } from './intake/intake';
export { mayBePersonal, rejectionCodes } from './intake/quarantine';
export { type Answers, createAnswers, type GroupBy, type GroupCount, type When } from './queries/answers';
export { isCursor } from './queries/cursor';
export { continuesList, type QueueFigures } from './queries/queue-answers';
export { faultOfWindow, instantAsked, LONGEST_WINDOW_DAYS, type Window } from './queries/window';
export { OpenWork } from './commands/open-work';
export { type Comparison, compareReadModels } from './system/compare-read-models';
export { type Afecto, openAfecto, openIntakeOnly } from './system/open';
export { openLiveReadModels, openReadModels } from './system/open-read-models';
export { isOffered, offerSuccessor, withdrawOffer } from './system/succession';
export { asOneBuilder, type Prepared, prepareSuccessor } from './system/successor';
export { sendOutgoing } from './system/sender';
export {
  type OpenFailure,
  openReadOnlyStore,
  openReadOnlyStoreWithItsKeys,
  openStore,
  openStoreToCopyInto,
} from './system/open-store';
export { fileReached, sharedPlace } from './system/own-places';
export { type Clock, createClock } from './system/clock';
export { ProjectionsBehindError } from './system/projections-behind-error';
export {
  besideLog,
  besideReadModels,
  keyFilesOf,
  personalReadsOf,
  setVariables,
  type Settings,
  signingKeyOf,
} from './system/settings';
export { accessExport, type AccessExportSources, classesOfExport } from './privacy/access-export';
export {
  addShown,
  addShownCustomer,
  addShownEvent,
  addShownProfile,
  addShownView,
  EVERYBODY,
  type Shown,
} from './privacy/shown-parties';
export { type Expiring, expiringCustomers, type ExpiryRun } from './privacy/expiries';
export { customersAt, type PopulationMember } from './queries/population';
