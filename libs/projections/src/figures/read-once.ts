import type { BucketRange } from '@afecto/read-models';
import type { FiguresSource } from './definition';

/**
 * The same read models, that are asked the same only once: figures of one report have sums in common. It is
 * for one question; kept longer, it would tell what is no longer so.
 */
export const readOnce = (readModels: FiguresSource): FiguresSource => {
  const remembered = <A>(
    ask: (key: string, range: BucketRange) => Promise<A>,
  ): ((key: string, range?: BucketRange) => Promise<A>) => {
    const known = new Map<string, Promise<A>>();
    return (key, range = {}) => {
      const question = `${range.from ?? ''} ${range.to ?? ''} ${key}`;
      let answer = known.get(question);
      if (answer === undefined) known.set(question, (answer = ask(key, range)));
      return answer;
    };
  };
  return {
    checkpoint: () => readModels.checkpoint(),
    countDeadLetters: () => readModels.countDeadLetters(),
    referrersOf: (...asked) => readModels.referrersOf(...asked),
    ownersOf: (...asked) => readModels.ownersOf(...asked),
    tallySums: remembered((prefix, range) => readModels.tallySums(prefix, range)),
    tallyBuckets: remembered((key, range) => readModels.tallyBuckets(key, range)),
  };
};
