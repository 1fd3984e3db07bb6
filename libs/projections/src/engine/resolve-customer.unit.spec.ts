import { DAY_MS, type Fact } from '@afecto/domain';
import fc from 'fast-check';
import { arbitraryFact, EPOCH } from '../../../domain/src/facts/arbitrary';
import { TallyKeys } from '../tally/tally-of';
import type { FactSource } from './customer-facts';
import { ATTEMPTS, resolveCustomer } from './resolve-customer';
import { worldOf } from './world';

const [sample] = fc.sample(arbitraryFact('OrderPlaced'), { numRuns: 1, seed: 5 });
if (sample === undefined) throw new Error('no sample');

/** The nth order of a customer, `day` days after the first. `broken`: without the lines that its rule looks into. */
const order = (nth: number, day: number, broken = false): Fact => {
  const orderId = `o${nth}`;
  const data = { ...sample.data, partyId: 'p1', orderId };
  const { lines: _lines, ...rest } = data;
  const content: unknown = broken ? rest : data;
  return {
    ...sample,
    eventId: `e${nth}`,
    id: `${nth}`,
    subjects: ['p1'],
    occurredAt: EPOCH + day * DAY_MS,
    data: content as typeof data,
  };
};

const world = worldOf([], EPOCH);

/** Facts in the order of the log, and how often they were read. */
const sourceOf = (facts: ReadonlyArray<Fact>): FactSource & { readonly reads: () => number } => {
  let reads = 0;
  return {
    reads: () => reads,
    heldFrom: async () => null,
    facts: async (_parties, { until, before }) => {
      reads += 1;
      return facts
        .map((fact, index) => ({ position: BigInt(index + 1), revision: 0, fact }))
        .filter(({ fact, position }) => fact.occurredAt <= until && (before === undefined || position < before));
    },
  };
};

const resolve = (
  source: FactSource,
  { attempts, days = 400 }: { readonly attempts?: number; readonly days?: number } = {},
) =>
  resolveCustomer('p1', world, source, {
    horizon: EPOCH + days * DAY_MS,
    before: null,
    keys: new TallyKeys(),
    ...(attempts === undefined ? {} : { attempts }),
  });

describe('a customer whose fold fails', () => {
  it('is left with the facts before the first failing one of the log, whenever that one happened', async () => {
    const source = sourceOf([order(1, 10), order(2, 30), order(3, 1, true), order(4, 20), order(5, 5, true)]);
    const { judged, failing } = await resolve(source);
    expect(failing).toMatchObject({ position: 3n, eventId: 'e3', type: 'OrderPlaced', attempts: ATTEMPTS });
    expect(failing?.error).toContain('/data/lines');
    expect(judged?.fold.evidence.factCount).toBe(2);
    expect(source.reads()).toBe(ATTEMPTS);
  });

  it('fails no sooner than the failing fact happens, and is looked at again then', async () => {
    const source = sourceOf([order(1, 10), order(2, 30, true), order(3, 20)]);
    const early = await resolve(source, { days: 25 });
    expect(early.failing).toBeNull();
    expect(early.judged?.fold.evidence.factCount).toBe(2);
    expect(early.judged?.change.customer.nextChangeAt).toBeLessThanOrEqual(EPOCH + 30 * DAY_MS);
    expect((await resolve(source, { days: 30 })).failing).toMatchObject({ position: 2n });
  });

  it('is nobody yet when its first fact is the failing one', async () => {
    expect(await resolve(sourceOf([order(1, 10, true), order(2, 20)]))).toMatchObject({
      judged: null,
      failing: { position: 1n },
    });
  });

  it('is tried as often as asked', async () => {
    const source = sourceOf([order(1, 10, true)]);
    expect((await resolve(source, { attempts: 1 })).failing).toMatchObject({ attempts: 1 });
    expect(source.reads()).toBe(1);
  });

  it('is not held back because reading failed', async () => {
    const unreachable: FactSource = { ...sourceOf([]), facts: () => Promise.reject(new Error('the log is away')) };
    await expect(resolve(unreachable)).rejects.toThrow('the log is away');
  });
});
