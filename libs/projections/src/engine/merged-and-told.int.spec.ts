import { type Fact, type FactType, factTypes, isRecord, toIso } from '@afecto/domain';
import type { EventStore, StoredEvent } from '@afecto/event-store';
import type { ReadModels } from '@afecto/read-models';
import fc from 'fast-check';
import { arbitraryFactOf } from '../../../domain/src/facts/arbitrary';
import { ordered, said } from '../tally/given-customers';
import { ProjectionEngine } from './engine';
import { historiesOf, inMemory, linesOf, logOf, steps } from './testing/given-log';

/**
 * A service that makes its own table from facts and notifications alone, as `docs/services.md` says. A merge or a
 * separation made it lose what is true: of the second merge of two parties, or their second separation, what was told
 * had the ids of the first and did not come into the log again; a separation that undid nothing, and a merge that was
 * undone before the projections saw either, told nothing of a party that every subscriber had just forgotten.
 */
class Subscriber {
  private readonly seen = new Set<string>();
  private readonly standing = new Map<string, { readonly partyId: string; readonly said: string }>();

  /** A fact of the log, before what follows from it. */
  fact({ type, data }: StoredEvent): void {
    if (!isRecord(data)) return;
    const forgotten =
      type === 'PartiesMerged'
        ? [data['absorbedId']]
        : type === 'PartiesSeparated'
          ? [data['survivorId'], data['separatedId']]
          : [];
    for (const [claim, { partyId }] of this.standing) if (forgotten.includes(partyId)) this.standing.delete(claim);
  }

  /** What waits to be told; the log takes an id once. */
  async hears(readModels: ReadModels): Promise<void> {
    const waiting = await readModels.outgoing(100_000);
    for (const { event } of waiting) {
      if (this.seen.has(event.id)) continue;
      this.seen.add(event.id);
      const { claim, supersedes, subjects, occurredAt } = event.metadata;
      for (const wrong of Array.isArray(supersedes) ? supersedes : []) this.standing.delete(String(wrong));
      if (!isRecord(event.data)) continue;
      const { zone, phase, itemId, closedBy } = event.data;
      const [partyId] = Array.isArray(subjects) ? subjects : [];
      const what = [zone, phase, itemId, closedBy].filter((part) => part !== undefined && part !== null);
      this.standing.set(String(claim), {
        partyId: String(partyId),
        said: [event.type, String(occurredAt), ...what].join(' '),
      });
    }
    await readModels.sent(waiting.map(({ event }) => event.id));
  }

  /** Its zones, phases and items of a party; one that was undone is none. */
  tableOf(partyId: string): ReadonlyArray<string> {
    const told = [...this.standing.values()].filter((claim) => claim.partyId === partyId).map(({ said }) => said);
    const opened = told.flatMap((line) => (line.startsWith('WorkItemOpened ') ? [line.slice(-32)] : []));
    return told
      .filter((line) => /^(?:LoyaltyZone|LifecyclePhase|WorkItem)/u.test(line))
      .filter((line) => !line.endsWith(' undone') || opened.some((itemId) => line.includes(itemId)))
      .toSorted();
  }
}

/** The same of the rows, which are what queries answer; null: nothing has happened to the party. */
const rowsOf = async (readModels: ReadModels, partyId: string): Promise<ReadonlyArray<string> | null> => {
  const row = await readModels.customer(partyId);
  if (row === null || row.phaseSince === null) return null;
  const items = (await readModels.announcementsOf([partyId])).get(partyId)?.items ?? [];
  return [
    ...row.announced.zones
      .slice(row.announced.zones[0]?.[0] === 'unclassified' ? 1 : 0)
      .map(([zone, from]) => `LoyaltyZoneChanged ${toIso(from)} ${zone}`),
    ...row.announced.phases.map(([phase, from]) => `LifecyclePhaseChanged ${toIso(from)} ${phase}`),
    ...items.map(({ itemId, enteredAt }) => `WorkItemOpened ${toIso(enteredAt)} ${itemId}`),
    ...items.flatMap(({ itemId, closedAt, closedBy }) =>
      closedAt === null ? [] : [`WorkItemClosed ${toIso(closedAt)} ${itemId} ${String(closedBy)}`],
    ),
  ].toSorted();
};

/** Follows a log in batches of these sizes; after each the table of the subscriber is what the rows are. */
const followedByService = async (store: EventStore, sizes: ReadonlyArray<number>): Promise<void> => {
  const readModels = inMemory();
  const engine = await ProjectionEngine.over(readModels, store);
  const service = new Subscriber();
  for (const { events, now } of await steps(store, { sizes, clocks: [0] })) {
    for (const event of events) service.fact(event);
    await engine.apply(events, now);
    await service.hears(readModels);
    for (const partyId of ['p1', 'p2', 'p3']) {
      const rows = await rowsOf(readModels, partyId);
      if (rows !== null) expect([partyId, service.tableOf(partyId)]).toEqual([partyId, rows]);
    }
  }
  expect((await linesOf(readModels)).length).toBeGreaterThan(0);
  for (const { close } of [store, readModels]) await close();
};

const merged = (ago: number, survivorId = 'p1', absorbedId = 'p2'): Fact =>
  said('PartiesMerged', ago, { survivorId, absorbedId, matchScore: 1, reason: 'same' });
const separated = (ago: number, survivorId = 'p1', separatedId = 'p2'): Fact =>
  said('PartiesSeparated', ago, { survivorId, separatedId, mergedEventId: 'none', reason: 'not the same' });

const ofTwo = [ordered('p1', 60, 'o1'), ordered('p2', 50, 'o2')];

const links: ReadonlySet<FactType> = new Set(['PartiesMerged', 'PartiesSeparated']);
const others = factTypes.filter((type) => !links.has(type));

describe('a service that forgets on merges and separations whom the page tells it to forget', () => {
  it.each([
    ['merged, parted, merged and parted again', [...ofTwo, merged(40), separated(30), merged(20), separated(10)], [1]],
    ['parted who never were one', [...ofTwo, separated(30)], [1]],
    ['merged and parted before the projections see it', [...ofTwo, merged(40), separated(30)], [2]],
    ['merged twice and parted once', [...ofTwo, merged(40), merged(35), separated(30)], [1]],
  ])('knows two parties who are %s as the rows do', async (_case, facts, sizes) => {
    await followedByService(await logOf(facts), sizes);
  });

  it('knows any parties as the rows do, whatever else is told of them, in any order and any batching', async () => {
    const link = fc
      .tuple(
        fc.boolean(),
        fc.constantFrom(['p1', 'p2'] as const, ['p3', 'p1'] as const),
        fc.integer({ min: 0, max: 500 }),
      )
      .map(([merges, [survivorId, otherId], ago]) => (merges ? merged : separated)(ago, survivorId, otherId));
    // Registered: a survivor with no fact of its own is nobody when it is parted.
    const registered = ['p1', 'p2', 'p3'].map((partyId) =>
      said('PartyRegistered', 1_090, { partyId, kind: 'person', displayName: 'Ana', source: 'crm' }),
    );
    const facts = historiesOf(40, fc.oneof(link, arbitraryFactOf(others)));
    const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(facts, sizes, async (told, batches) =>
        followedByService(await logOf([...registered, ...told]), batches),
      ),
      { numRuns: 40 },
    );
  });
});
