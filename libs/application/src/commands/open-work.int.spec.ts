import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DAY_MS, toNewEvent } from '@afecto/domain';
import { openSqliteEventStore, type StoredEvent } from '@afecto/event-store';
import { ProjectionEngine } from '@afecto/projections';
import { openSqliteReadModels, replaceable } from '@afecto/read-models';
import fc from 'fast-check';
import { arbitraryFactOf } from '../../../domain/src/facts/arbitrary';
import { right } from '../testing/given-afecto';
import { OpenWork } from './open-work';

const folder = mkdtempSync(join(tmpdir(), 'afecto-open-work-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const NOW = Date.parse('2026-01-01T00:00:00Z');
let made = 0;

describe('open work in memory', () => {
  it('is what the rows say, whenever it was first asked for and whatever was committed since', async () => {
    let seen = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(arbitraryFactOf(), { selector: ({ eventId }) => eventId, minLength: 5, maxLength: 60 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
        fc.nat({ max: 8 }),
        fc.boolean(),
        async (facts, sizes, firstAsked, isReplaced) => {
          const store = right(openSqliteEventStore({ file: join(folder, `log-${made++}.db`), clock: () => NOW }));
          await store.appendMany(
            facts.map((fact) => ({ streamId: fact.streamId, expectedRevision: 'any', events: [toNewEvent(fact)] })),
          );
          const readModels = replaceable(right(openSqliteReadModels(':memory:')));
          const work = new OpenWork(readModels);
          const engine = await ProjectionEngine.over(readModels, store);
          const events: StoredEvent[] = [];
          for await (const page of store.readAll()) events.push(...page);
          let reading: Promise<unknown> | null = null;
          for (let from = 0, step = 0; from < events.length; step++) {
            // Not awaited: rows change while they are read.
            if (step === firstAsked) reading = work.of('all');
            const size = sizes[step % sizes.length] ?? 1;
            await engine.apply(events.slice(from, from + size), NOW - 400 * DAY_MS + step * 20 * DAY_MS);
            from += size;
          }
          await reading;
          if (isReplaced) {
            await readModels.replaceBy(right(openSqliteReadModels(':memory:')));
            await engine.reload();
            await engine.apply(events, NOW);
          }
          const expected = new Map<string, string>();
          for await (const page of readModels.items({ states: ['open', 'claimed'] }))
            for (const { itemId, partyId, queue, state, visibility, notBefore, claimedBy, dueAt } of page)
              expected.set(itemId, JSON.stringify([partyId, queue, state, visibility, notBefore, claimedBy, dueAt]));
          const found = new Map<string, string>();
          for (const { itemId, partyId, queue, state, visibility, notBefore, claimedBy, dueAt } of await work.of('all'))
            found.set(itemId, JSON.stringify([partyId, queue, state, visibility, notBefore, claimedBy, dueAt]));
          expect(new Map([...found].toSorted())).toEqual(new Map([...expected].toSorted()));
          seen += expected.size;
          await readModels.close();
          await store.close();
        },
      ),
      { numRuns: 40 },
    );
    expect(seen).toBeGreaterThan(10);
  });

  // Whether a commit that failed is in the rows is not known. What is in memory was told of those that did not fail
  // alone: what such a commit had brought could not be claimed before the next start.
  it('is what the rows say after a commit that failed when it was done', async () => {
    const [complaint] = fc.sample(arbitraryFactOf(['ComplaintReceived']), { numRuns: 1, seed: 7 });
    if (complaint === undefined) throw new Error('no sample');
    const store = right(openSqliteEventStore({ file: join(folder, `log-${made++}.db`), clock: () => NOW }));
    right(
      await store.append({ streamId: complaint.streamId, expectedRevision: 'any', events: [toNewEvent(complaint)] }),
    );
    const rows = right(openSqliteReadModels(':memory:'));
    const readModels = replaceable({
      ...rows,
      commit: async (batch) => {
        await rows.commit(batch);
        throw new Error('the disk did not answer');
      },
    });
    const work = new OpenWork(readModels);
    const engine = await ProjectionEngine.over(readModels, store);
    expect([...(await work.of('all'))]).toEqual([]);
    for await (const events of store.readAll())
      await expect(engine.apply(events, complaint.occurredAt)).rejects.toThrow('the disk did not answer');

    const open: string[] = [];
    for await (const page of readModels.items({ states: ['open'] })) open.push(...page.map(({ itemId }) => itemId));
    expect(open).not.toEqual([]);
    expect([...(await work.of('all'))].map(({ itemId }) => itemId)).toEqual(open);
    await readModels.close();
    await store.close();
  });
});
