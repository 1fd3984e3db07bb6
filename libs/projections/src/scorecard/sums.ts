import type { FiguresQuestion } from '../figures/definition';
import { keyOf, partsOf, prefixOf } from '../tally/contribute';
import { REPORT } from './contribute';

/** Sums of a window by the parts of their keys after the first. */
export class Sums {
  private constructor(private readonly sums: ReadonlyMap<string, number>) {}

  /** What goes by these names, and by any that begin with one of them. */
  static async of(
    { readModels, days }: Pick<FiguresQuestion, 'readModels' | 'days'>,
    names: ReadonlyArray<string>,
  ): Promise<Sums> {
    const sums = await Promise.all(names.map((name) => readModels.tallySums(keyOf(REPORT, name), days)));
    return new Sums(new Map(sums.flat()));
  }

  one(...parts: ReadonlyArray<string | number>): number {
    return this.sums.get(keyOf(REPORT, ...parts)) ?? 0;
  }

  /** Everything of a name, by its further parts. */
  all(name: string): ReadonlyArray<readonly [ReadonlyArray<string>, number]> {
    const prefix = prefixOf(REPORT, name);
    return [...this.sums].flatMap(([key, sum]) =>
      key.startsWith(prefix) ? [[partsOf(key).slice(1), sum] as const] : [],
    );
  }

  total(name: string, where: (parts: ReadonlyArray<string>) => boolean = () => true): number {
    return this.all(name).reduce((sum, [parts, count]) => (where(parts) ? sum + count : sum), 0);
  }
}
