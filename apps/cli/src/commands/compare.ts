import { createHash } from 'node:crypto';
import type { ReadModels } from '@afecto/read-models';

export interface Comparison {
  readonly equal: boolean;
  readonly lines: number;
  readonly hash: string;
  /** The first line that differs, in each; null where one has ended. */
  readonly first: { readonly live: string | null; readonly rebuilt: string | null } | null;
}

/** Compares two read models line by line in canonical order; memory stays flat. */
export const compareReadModels = async (live: ReadModels, rebuilt: ReadModels): Promise<Comparison> => {
  const [one, other] = [
    live.dump('everything')[Symbol.asyncIterator](),
    rebuilt.dump('everything')[Symbol.asyncIterator](),
  ];
  const hash = createHash('sha256');
  for (let lines = 0; ; lines++) {
    const [a, b] = [await one.next(), await other.next()];
    if (a.done === true && b.done === true) return { equal: true, lines, hash: hash.digest('hex'), first: null };
    const [ours, theirs] = [a.done === true ? null : a.value, b.done === true ? null : b.value];
    if (ours !== theirs)
      return { equal: false, lines, hash: hash.digest('hex'), first: { live: ours, rebuilt: theirs } };
    hash.update(`${ours ?? ''}\n`);
  }
};
