import type { FiguresQuestion, JsonObject } from '../figures/definition';
import { partsOf, prefixOf } from '../tally/contribute';

export const REPORT = 'complaints';

/** Root causes of complaints resolved in some days, the most frequent first. */
export const causesOf = async ({
  readModels,
  days,
}: Pick<FiguresQuestion, 'readModels' | 'days'>): Promise<ReadonlyArray<JsonObject>> =>
  (await readModels.tallySums(prefixOf(REPORT, 'root-cause'), days))
    .map(([key, complaints]) => ({ rootCause: partsOf(key)[1] ?? '', complaints }))
    .sort((one, other) => other.complaints - one.complaints || (one.rootCause < other.rootCause ? -1 : 1));
