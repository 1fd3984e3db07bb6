import { closingCases } from './closing-cases';
import { companyCases } from './company-cases';
import { crowdCases } from './crowd-cases';
import { expectedRevisionCases } from './expected-revision-cases';
import { fidelityCases } from './fidelity-cases';
import { invalidCases } from './invalid-cases';
import { lookupCases } from './lookup-cases';
import { modelCases } from './model-cases';
import { readAllCases } from './read-all-cases';
import { readStreamCases } from './read-stream-cases';
import { repeatCases } from './repeat-cases';
import type { ConformanceCase } from './subject';
import { subscriptionCases } from './subscription-cases';

/** Every promise of the port as a case. They share one log and may run in any order, one at a time. */
export const conformanceCases: ReadonlyArray<ConformanceCase> = [
  ...expectedRevisionCases,
  ...repeatCases,
  ...companyCases,
  ...crowdCases,
  ...fidelityCases,
  ...invalidCases,
  ...readStreamCases,
  ...readAllCases,
  ...lookupCases,
  ...subscriptionCases,
  ...closingCases,
  ...modelCases,
];
