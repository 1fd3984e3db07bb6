import { asItIs } from '@afecto/privacy';
import type { ReadModels } from '@afecto/read-models';
import fc from 'fast-check';
import { arbitraryFactOf } from '../../../domain/src/facts/arbitrary';
import { ledgerFactOfText } from './ledger-entry';
import { LogTaken } from './log-taken';
import { inMemory, linesOf, logOf, NOW } from './testing/given-log';

const told = arbitraryFactOf([
  'ReferralMade',
  'PersonalDataErased',
  'PartiesMerged',
  'PortfolioReviewed',
  'WorkItemClaimed',
  'OrderPlaced',
]);

describe('what a build takes in that belongs to no single party', () => {
  it('is the same in one commit, in many, and when some of them were made before an interruption', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(told, { selector: ({ eventId }) => eventId, minLength: 1, maxLength: 25 }),
        fc.nat({ max: 8 }),
        async (facts, interruptedAfter) => {
          const store = await logOf(facts);
          const take = async (readModels: ReadModels, much: number, pages: number): Promise<void> => {
            const taken = new LogTaken(NOW, asItIs, much);
            let left = pages;
            for await (const page of store.readTexts({ pageSize: 3 })) {
              if (left-- === 0) return;
              taken.take(page, page.map(ledgerFactOfText));
              if (taken.isMuch) await readModels.commit(taken.some());
            }
            if (pages === Number.POSITIVE_INFINITY) await readModels.commit(taken.all(null));
          };
          const [inOne, inMany] = [inMemory(), inMemory()];
          await take(inOne, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
          await take(inMany, 0, interruptedAfter);
          await take(inMany, 0, Number.POSITIVE_INFINITY);
          expect(await linesOf(inMany)).toEqual(await linesOf(inOne));
          for (const { close } of [store, inOne, inMany]) await close();
        },
      ),
      { numRuns: 40 },
    );
  });
});
