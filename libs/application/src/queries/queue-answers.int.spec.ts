import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  catalogueEntry,
  DAY_MS,
  eventIdOf,
  type Fact,
  type FactData,
  type FactType,
  type Instant,
  streamOf,
  toNewEvent,
} from '@afecto/domain';
import { openSqliteEventStore, type StoredEvent } from '@afecto/event-store';
import { ProjectionEngine } from '@afecto/projections';
import { openSqliteReadModels, replaceable } from '@afecto/read-models';
import fc from 'fast-check';
import { arbitraryFactOf } from '../../../domain/src/facts/arbitrary';
import { OpenWork } from '../commands/open-work';
import { right } from '../testing/given-afecto';
import { customersAt } from './population';
import { createQueueAnswers, type ItemPage, type QueueAnswers } from './queue-answers';

const folder = mkdtempSync(join(tmpdir(), 'afecto-queue-answers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const NOW = Date.parse('2026-01-01T00:00:00Z');
let made = 0;

/** Facts that open, close and claim items more often than others do. */
const facts = fc.uniqueArray(
  fc.oneof(
    arbitraryFactOf(),
    arbitraryFactOf([
      'OrderPlaced',
      'ComplaintReceived',
      'ComplaintResolved',
      'ServiceRequestOpened',
      'ServiceRequestResolved',
      'WorkItemClaimed',
      'WorkItemCompleted',
    ]),
  ),
  { selector: ({ eventId }) => eventId, minLength: 5, maxLength: 60, size: 'max' },
);

/** All items of a list, page by page. */
const listed = async (
  answers: QueueAnswers,
  question: { readonly state: 'open' | 'claimed' | 'closed'; readonly limit: number; readonly asOf: Instant },
) => {
  const items: unknown[] = [];
  for (let after: string | null = ''; after !== null;) {
    const cursor: string = after;
    const page = await answers.queue('all', { ...question, ...(cursor === '' ? {} : { after: cursor }) });
    expect(page.items.length).toBeLessThanOrEqual(question.limit);
    items.push(...page.items);
    after = page.next;
  }
  return items;
};

const JANUARY = Date.parse('2023-01-01T00:00:00Z');
const APRIL = Date.parse('2023-04-01T00:00:00Z');

const said = <T extends FactType>(type: T, partyId: string, occurredAt: Instant, data: FactData[T]): Fact =>
  ({
    eventId: eventIdOf('test', `${type} of ${partyId}`),
    type,
    schemaVersion: catalogueEntry(type).schemaVersion,
    streamId: streamOf(type, data, partyId),
    occurredAt,
    recordedAt: occurredAt,
    source: 'test',
    id: `${type} of ${partyId}`,
    subjects: [partyId],
    actor: { kind: 'agent', id: 'agent1' },
    data,
  }) as Fact;

/*
 * How many items were ever closed was taken from the scorecard, to which staff and competitors add nothing:
 * the items of a customer who became one vanished from what is stored, and were there when everybody was folded.
 */
const becameCompetitor = [
  said('OrderPlaced', 'p2', JANUARY, {
    orderId: 'o1',
    partyId: 'p2',
    channel: 'phone',
    lines: [{ sku: 's', productLine: 'books', qty: 1, listMinor: 0, netMinor: 0 }],
    totalNetMinor: 0,
    currency: 'EUR',
    appliedPreferenceIds: [],
  }),
  said('PartyRoleAssigned', 'p2', JANUARY, {
    partyId: 'p2',
    role: 'competitor',
    validFrom: '2023-01-01T00:00:00.000Z',
  }),
  said('PromiseSettled', 'p1', APRIL, { promiseId: 'promise-1', outcome: 'kept' }),
  said('EnquiryReceived', 'p1', APRIL, { enquiryId: 'e1', partyId: 'p1', channel: 'web', productLine: 'books' }),
];

describe('queues as they are stored', () => {
  it('answer what folding every customer answers, whatever has happened, in pages of any size', async () => {
    let [flowed, shown] = [0, 0];
    await fc.assert(
      fc.asyncProperty(
        facts,
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 7 }),
        async (given, part, limit) => {
          const store = right(openSqliteEventStore({ file: join(folder, `log-${made++}.db`), clock: () => NOW }));
          await store.appendMany(
            given.map((fact) => ({ streamId: fact.streamId, expectedRevision: 'any', events: [toNewEvent(fact)] })),
          );
          const readModels = replaceable(right(openSqliteReadModels(':memory:')));
          const engine = await ProjectionEngine.over(readModels, store);
          const events: StoredEvent[] = [];
          for await (const page of store.readAll()) events.push(...page);
          // In the middle of what happened, so that the last days have flows.
          const now =
            [...given].sort((a, b) => a.occurredAt - b.occurredAt)[Math.floor(given.length / 2)]?.occurredAt ?? NOW;
          await engine.apply(events.slice(0, part), now - 40 * DAY_MS);
          await engine.apply(events.slice(part), now - 5 * DAY_MS);
          await engine.advanceTo(now);
          const shared = {
            engine,
            readModels,
            openWork: new OpenWork(readModels),
            now: () => now,
            population: (asOf: Instant) =>
              customersAt(readModels, store, engine.world.asOf(asOf, Number.MAX_SAFE_INTEGER), asOf),
          };
          const present = createQueueAnswers({ ...shared, isPast: (_: Instant | undefined): _ is Instant => false });
          const folded = createQueueAnswers({ ...shared, isPast: (_: Instant | undefined): _ is Instant => true });
          const figures = await present.queueKpis({ asOf: now });
          const claims = await readModels.claimCounts();
          // Claims are counted when they are told of; of one dated ahead the fold does not know yet.
          expect(figures.map(({ claims: _, ...rest }) => rest)).toEqual(
            (await folded.queueKpis({ asOf: now })).map(({ claims: _, ...rest }) => rest),
          );
          expect(figures.map(({ claims: many }) => many)).toEqual(figures.map(({ queue }) => claims.get(queue) ?? 0));
          for (const state of ['open', 'claimed', 'closed'] as const) {
            const question = { state, limit, asOf: now };
            const items = await listed(present, question);
            expect(items).toEqual(await listed(folded, question));
            shown += items.length;
          }
          flowed += figures.reduce((sum, { enteredPerDay, closedPerDay }) => sum + enteredPerDay + closedPerDay, 0);
          await store.close();
          await readModels.close();
        },
      ),
      { numRuns: 25, examples: [[becameCompetitor, 1, 1]] },
    );
    expect(shown).toBeGreaterThan(20);
    expect(flowed).toBeGreaterThan(0);
  });

  /*
   * The cursor said how urgent the last item shown was, and the next page asked for what is less urgent by
   * then: what had overtaken it since was on neither page.
   */
  it('shows every item once, in the order of its first page, however much time passes from page to page', async () => {
    const store = right(openSqliteEventStore({ file: join(folder, `log-${made++}.db`), clock: () => NOW }));
    const received = [1, 2, 3, 4, 1, 2, 3, 4].map((severity, index) =>
      said('ComplaintReceived', `p${index}`, NOW - index * 600_000, {
        complaintId: `c${index}`,
        partyId: `p${index}`,
        channel: 'phone',
        category: 'delivery',
        severity,
      }),
    );
    await store.appendMany(
      received.map((fact) => ({ streamId: fact.streamId, expectedRevision: 'any', events: [toNewEvent(fact)] })),
    );
    const readModels = replaceable(right(openSqliteReadModels(':memory:')));
    const engine = await ProjectionEngine.over(readModels, store);
    const events: StoredEvent[] = [];
    for await (const page of store.readAll()) events.push(...page);
    await engine.apply(events, NOW);
    let now = NOW;
    const answers = createQueueAnswers({
      engine,
      readModels,
      openWork: new OpenWork(readModels),
      now: () => now,
      isPast: (_: Instant | undefined): _ is Instant => false,
      population: (asOf: Instant) => customersAt(readModels, store, engine.world, asOf),
    });
    const { items: inOrder } = await answers.queue('Q1', { limit: 100 });
    now = NOW + DAY_MS / 2;
    const { items: later } = await answers.queue('Q1', { limit: 100 });
    now = NOW;
    const shown: string[] = [];
    for (let after: string | null = ''; after !== null; now += DAY_MS / 16) {
      const page: ItemPage = await answers.queue('Q1', { limit: 1, ...(after === '' ? {} : { after }) });
      expect(page.asOf).toBe(NOW);
      shown.push(...page.items.map(({ itemId }) => itemId));
      after = page.next;
    }
    expect(shown).toEqual(inOrder.map(({ itemId }) => itemId));
    expect(later.map(({ itemId }) => itemId)).not.toEqual(shown);
    await store.close();
    await readModels.close();
  });
});
