/**
 * The comparison folds what was laid aside by customer; the questions about the past fold from the ledger.
 * Both must say the same of everyone, merged and referred customers and other parts of the spill included.
 */
import { DAY_MS, defaultConfiguration, type Configuration, type CustomerState, type Instant } from '@afecto/domain';
import fc from 'fast-check';
import { inMemory, histories, logOf, newFile, NOW } from '../../engine/testing/given-log';
import { build } from '../../engine/build';
import { poisonedHistories, sightOf } from '../../engine/testing/poison';
import { seenLog } from '../../engine/testing/seen-log';
import { ordered, said } from '../../tally/given-customers';
import { answered, placedIn } from '../testing/given-history';
import { compareCustomers, type CustomersCompared } from './compare-customers';
import type { Side } from './side';
import { type Moved, type Summary, summaryOf } from './summary';

type Facts = Parameters<typeof logOf>[0] & ReadonlyArray<Parameters<typeof placedIn>[0][number]>;

const compared = async (facts: Facts, before: Partial<Side>, after: Partial<Side>, copiedFrom?: Instant) => {
  const readModels = inMemory();
  const store = await logOf(facts, copiedFrom);
  await build(store, readModels, { now: NOW });
  const side: Side = { asOf: NOW, knownAt: null, configuration: null };
  const moved: Moved[] = [];
  const result = await compareCustomers(
    store,
    readModels,
    { before: { ...side, ...before }, after: { ...side, ...after } },
    { spillFile: newFile(), eventsAPart: 7, onMoved: (more) => moved.push(...more) },
  );
  if (result === null) throw new Error('interrupted');
  return { ...result, parties: moved.sort((a, b) => (a.partyId < b.partyId ? -1 : 1)) };
};

const countOf = ({ migrations }: CustomersCompared): number =>
  migrations.zone.reduce((sum, { customers }) => sum + customers, 0);

describe('all customers on two sides', () => {
  it('stand as the questions about each instant say', async () => {
    await fc.assert(
      fc.asyncProperty(
        histories(40),
        fc.integer({ min: 0, max: 1_100 }),
        fc.integer({ min: 0, max: 1_100 }),
        async (facts, one, other) => {
          const placed = placedIn(facts);
          const parties = new Set(facts.flatMap(({ subjects }) => subjects));
          const at = async (asOf: number): Promise<ReadonlyMap<string, Summary>> => {
            const states: CustomerState[] = [];
            for (const partyId of parties) {
              const state = await answered(placed, partyId, { until: asOf });
              if (state !== null) states.push(state);
            }
            return new Map(states.map((state) => [state.evidence.partyId, summaryOf(state)]));
          };
          const [from, to] = [NOW - Math.max(one, other) * DAY_MS, NOW - Math.min(one, other) * DAY_MS];
          const [was, is] = [await at(from), await at(to)];
          const result = await compared(facts, { asOf: from }, { asOf: to });
          const ids = [...new Set([...was.keys(), ...is.keys()])].sort();
          expect(countOf(result)).toBe(ids.length);
          expect(result.parties).toEqual(
            ids
              .map((partyId) => ({ partyId, before: was.get(partyId) ?? null, after: is.get(partyId) ?? null }))
              .filter(({ before, after }) => JSON.stringify(before) !== JSON.stringify(after)),
          );
        },
      ),
      { numRuns: 12 },
    );
  });

  it('stand as the rows say, those too whose facts wait behind one that is no fact', async () => {
    let held = 0;
    await fc.assert(
      fc.asyncProperty(poisonedHistories(histories(40)), async ({ facts, poisoned }) => {
        const store = seenLog(await logOf(facts), sightOf(poisoned));
        const readModels = inMemory();
        await build(store, readModels, { now: NOW });
        held += (await readModels.deadLetters()).length;
        const side: Side = { asOf: NOW, knownAt: null, configuration: null };
        const result = await compareCustomers(
          store,
          readModels,
          { before: side, after: side },
          { spillFile: newFile(), eventsAPart: 7, onMoved: () => undefined },
        );
        const rows = await readModels.countCustomers(['zone']);
        expect(result?.migrations.zone.map(({ to, customers }) => [to, customers])).toEqual(
          rows.map(({ group, count }) => [group['zone'], count]).sort(),
        );
        expect(result).toMatchObject({ moved: 0, failed: [] });
      }),
      { numRuns: 15 },
    );
    expect(held).toBeGreaterThan(0);
  });

  it('stand as known then on both sides', async () => {
    const facts = [ordered('a', 50, 'o1')];
    expect(await compared(facts, { asOf: NOW - 60 * DAY_MS }, {})).toMatchObject({ customers: 1, moved: 1 });
    expect(await compared(facts, { knownAt: NOW - 1 }, { knownAt: NOW - 1 })).toMatchObject({ customers: 0, moved: 0 });
  });

  /** Facts were left out by when the copy was made, which nobody asks about. */
  it('stand as known then in a copy of the log too', async () => {
    const known = { knownAt: NOW - DAY_MS };
    expect(await compared([ordered('a', 50, 'o1')], known, known, NOW - 2 * DAY_MS)).toMatchObject({ customers: 1 });
  });

  it('under the same configuration do not move, under another one those whom it concerns do', async () => {
    const facts = [
      ...[300, 270, 240, 210, 180].map((ago) => ordered('a', ago, `o${ago}`)),
      ordered('b', 10, 'b1'),
      said('ReferralMade', 9, { referralId: 'r1', referrerId: 'b', referredId: 'a', channel: 'web' }),
    ];
    const strict: Configuration = {
      ...defaultConfiguration,
      version: 7,
      loyalty: {
        ...defaultConfiguration.loyalty,
        zones: { ...defaultConfiguration.loyalty.zones, defectionBelow: 70, affectionFrom: 90 },
      },
    };
    expect(await compared(facts, {}, { configuration: defaultConfiguration })).toMatchObject({
      customers: 2,
      moved: 0,
    });
    const { parties, migrations } = await compared(facts, {}, { configuration: strict });
    expect(parties).toMatchObject([{ partyId: 'b', before: { zone: 'indifference' }, after: { zone: 'defection' } }]);
    expect(migrations.zone).toEqual(expect.arrayContaining([{ from: 'indifference', to: 'defection', customers: 1 }]));
  });

  it('are left as they are when the work is interrupted', async () => {
    const readModels = inMemory();
    const store = await logOf([ordered('a', 10, 'o1')]);
    await build(store, readModels, { now: NOW });
    const interruption = new AbortController();
    interruption.abort();
    const side: Side = { asOf: NOW, knownAt: null, configuration: null };
    expect(
      await compareCustomers(
        store,
        readModels,
        { before: side, after: side },
        {
          spillFile: newFile(),
          signal: interruption.signal,
          onMoved: () => undefined,
        },
      ),
    ).toBeNull();
  });
});
