import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DAY_MS } from '@afecto/domain';
import type { CloudEvent } from '../import';
import { AT, quantilesOf, shareTable } from './quantiles';
import { BANDS, onlineRetailShape as shape } from './shape';
import { FACTS_OF_CUSTOMER, FACTS_OF_PROSPECT, portfolioOf, syntheticHistory } from './synthetic-history';

const ENDS_AT = Date.parse('2011-12-09T12:50:00Z');
const history = (seed: number, customers: number, prospects = 0): ReadonlyArray<CloudEvent> => [
  ...syntheticHistory({ seed, customers, prospects, endsAt: ENDS_AT }),
];
type Placed = Extract<CloudEvent, { type: 'OrderPlaced' }>;
const ordersIn = (facts: ReadonlyArray<CloudEvent>): ReadonlyArray<Placed> =>
  facts.filter((fact): fact is Placed => fact.type === 'OrderPlaced');

const CUSTOMERS = 1_500;

describe('a synthetic history', () => {
  const facts = history(7, CUSTOMERS);
  const orders = ordersIn(facts);
  const byParty = [...Map.groupBy(orders, ({ data }) => data.partyId).values()];

  /** Quantiles from the 30th to the 95th percentile against the measured ones; the tails are few. */
  const expectShape = (
    values: ReadonlyArray<number>,
    measured: ReadonlyArray<number>,
    share: number,
    few = 0,
  ): void => {
    const generated = quantilesOf(values);
    for (const [index, at] of AT.entries()) {
      if (at < 0.3 || at > 0.95) continue;
      const wanted = measured[index] ?? Number.NaN;
      expect({
        at,
        isNear: Math.abs((generated[index] ?? Number.NaN) - wanted) <= Math.max(few, share * wanted),
      }).toEqual({
        at,
        isNear: true,
      });
    }
  };

  it('has as many orders a customer as Online Retail', () => {
    expect(byParty).toHaveLength(CUSTOMERS);
    expectShape(
      byParty.map(({ length }) => length),
      shape.ordersOfCustomer,
      0.25,
      1,
    );
    expect(orders.length / CUSTOMERS).toBeGreaterThan(0.8 * (18_536 / 4_339));
    expect(orders.length / CUSTOMERS).toBeLessThan(1.2 * (18_536 / 4_339));
  });

  it('has its lines and amounts', () => {
    expectShape(
      orders.map(({ data }) => data.lines.length),
      shape.linesOfOrder,
      0.15,
      1,
    );
    expectShape(
      orders.map(({ data }) => data.totalNetMinor),
      shape.totalMinor,
      0.15,
    );
    for (const { data } of orders)
      expect(data.lines.reduce((sum, { netMinor }) => sum + netMinor, 0)).toBe(data.totalNetMinor);
  });

  it('has its gaps between orders, by how often a customer orders', () => {
    for (const [band, atLeast] of BANDS.entries()) {
      // A customer with one order has none, and of the busiest there are too few to compare.
      if (atLeast < 2 || atLeast > 10) continue;
      const below = BANDS[band + 1] ?? Infinity;
      const gaps = byParty
        .filter(({ length }) => length >= atLeast && length < below)
        .flatMap((own) => {
          const times = own.map(({ time }) => Date.parse(time)).toSorted((a, b) => a - b);
          return times.slice(1).map((at, index) => (at - (times[index] ?? at)) / DAY_MS);
        });
      const [, , , , , , generated = 0] = quantilesOf(gaps);
      const wanted = shape.gapDays[band]?.[6] ?? Number.NaN;
      expect(Math.abs(generated - wanted)).toBeLessThan(Math.max(3, 0.3 * wanted));
    }
  });

  it('has its seasons: months, weekdays and hours', () => {
    const dates = orders.map(({ time }) => new Date(time));
    const monthly = shareTable(
      dates.map((date) => date.getUTCMonth()),
      12,
    );
    expect((monthly[10] ?? 0) / (monthly[0] ?? 1)).toBeGreaterThan(2);
    const compare = (generated: ReadonlyArray<number>, measured: ReadonlyArray<number>): void =>
      generated.forEach((share, index) => expect(Math.abs(share - (measured[index] ?? 0))).toBeLessThan(0.02));
    compare(
      shareTable(
        dates.map((date) => date.getUTCDay()),
        7,
      ),
      shape.weekdays,
    );
    compare(
      shareTable(
        dates.map((date) => date.getUTCHours()),
        24,
      ),
      shape.hours,
    );
  });

  it('takes orders back as often', () => {
    const reversals = facts.filter(({ type }) => type === 'OrderReversed').length;
    expect(reversals / orders.length).toBeGreaterThan(0.7 * shape.reversedShare);
    expect(reversals / orders.length).toBeLessThanOrEqual(1.1 * shape.reversedShare);
  });

  it('has the work of the queues around the orders', () => {
    const types = new Set(facts.map(({ type }) => type));
    for (const type of [
      ...['ComplaintReceived', 'ServiceRequestOpened', 'SurveyAnswered', 'InteractionRecorded', 'ReferralMade'],
      ...['PromiseMade', 'MembershipEnrolled', 'DefectionNoticeReceived', 'ConsentGranted', 'WordOfMouthObserved'],
    ])
      expect(types).toContain(type);
  });

  it('comes in the order of time, each fact once, and begins with the configuration', () => {
    expect(facts[0]?.type).toBe('ConfigurationActivated');
    facts.forEach(({ time }, index) => expect(time >= (facts[index - 1]?.time ?? '')).toBe(true));
    expect(new Set(facts.map(({ source, id }) => `${source} ${id}`)).size).toBe(facts.length);
    expect(Date.parse(facts.at(-1)?.time ?? '')).toBeLessThanOrEqual(ENDS_AT);
  });

  it('has about as many facts as were asked for', () => {
    expect(Math.abs(facts.length / CUSTOMERS / FACTS_OF_CUSTOMER - 1)).toBeLessThan(0.1);
    expect(Math.abs(history(7, 0, 1_000).length / 1_000 / FACTS_OF_PROSPECT - 1)).toBeLessThan(0.1);
    const { customers, prospects } = portfolioOf(10_000_000, 1_000_000);
    expect(customers + prospects).toBe(1_000_000);
    expect(customers * FACTS_OF_CUSTOMER + prospects * FACTS_OF_PROSPECT).toBeCloseTo(10_000_000, -3);
  });
});

describe('the seed of a synthetic history', () => {
  it('gives the same facts again, and another seed others', () => {
    const facts = history(1, 30, 30);
    expect(history(1, 30, 30)).toEqual(facts);
    const ids = new Set(history(2, 30, 30).map(({ id }) => id));
    expect(facts.filter(({ id }) => ids.has(id)).map(({ type }) => type)).toEqual(['ConfigurationActivated']);
  });

  it('tells of a customer the same in a larger portfolio', () => {
    const larger = new Map(history(1, 60).map((fact) => [fact.id, fact]));
    for (const fact of history(1, 30)) expect(larger.get(fact.id)).toEqual(fact);
  });
});

describe('the files of a synthetic history', () => {
  const inside = mkdtempSync(join(tmpdir(), 'afecto-synthetic-test-'));
  afterAll(() => rmSync(inside, { recursive: true, force: true }));

  it('are there while it is read and gone afterwards, also when it is not read to its end', () => {
    // Enough for several sections: with one alone nothing is written.
    const facts = syntheticHistory({ seed: 1, customers: 0, prospects: 7_000, endsAt: ENDS_AT, inside });
    facts.next();
    facts.next();
    expect(readdirSync(inside)).toHaveLength(1);
    facts.return(undefined);
    expect(readdirSync(inside)).toEqual([]);
  });
});
