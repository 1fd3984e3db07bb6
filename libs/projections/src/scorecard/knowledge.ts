import type { FiguresSource } from '../figures/definition';
import { share } from '../figures/measures';
import { keyOf } from '../tally/contribute';
import { REPORT } from './contribute';

/** How good what is known of all parties is, now; shares 0..1, null where there is nobody. */
export const knowledgeOf = async (readModels: FiguresSource) => {
  const one = async (...parts: ReadonlyArray<string>): Promise<number> =>
    (await readModels.tallyBuckets(keyOf(REPORT, ...parts)))[0]?.[1] ?? 0;
  const parties = await one('parties');
  const duplicates = await one('duplicates');
  const valid = await one('identifiers', 'valid');
  return {
    parties,
    duplicateRate: share(duplicates, parties + duplicates),
    namedShare: share(await one('named'), parties),
    verifiedShare: share(await one('verified'), parties),
    reachableShare: share(await one('reachable'), parties),
    validIdentifierShare: share(valid, valid + (await one('identifiers', 'invalid'))),
    needs: { current: await one('needs', 'current'), future: await one('needs', 'future') },
    needsMetShare: share(
      (await one('needsMet', 'current')) + (await one('needsMet', 'future')),
      (await one('needs', 'current')) + (await one('needs', 'future')),
    ),
  };
};
