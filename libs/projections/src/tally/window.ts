import type { BucketRange } from '@afecto/read-models';
import type { FiguresSource } from '../figures/definition';
import { partsOf, prefixOf } from './contribute';

type Part = string | number;

/** What was counted under these parts and further ones in a window of days: the further parts and the sum. */
export const sumsIn = async (
  readModels: Pick<FiguresSource, 'tallySums'>,
  days: Required<BucketRange>,
  report: string,
  ...parts: ReadonlyArray<Part>
): Promise<ReadonlyArray<readonly [further: ReadonlyArray<string>, sum: number]>> =>
  (await readModels.tallySums(prefixOf(report, ...parts), days)).map(
    ([key, sum]) => [partsOf(key).slice(parts.length), sum] as const,
  );
