import {
  type Configuration,
  DAY_MS,
  type Instant,
  noFlows,
  policyAt,
  priorityOf,
  queueFlowsOf,
  type QueueFlows,
  type QueueId,
  queueIds,
  type QueueKpis,
  queueKpisOf,
  type QueueStock,
  queueStockOf,
  type WorkItem,
} from '@afecto/domain';
import { closedItems, type ItemView, itemViewOf, type ProjectionEngine } from '@afecto/projections';
import type { ItemRow, ReadModels, WorkItemState } from '@afecto/read-models';
import type { OpenWork } from '../commands/open-work';
import type { Page } from './answers';
import { decodeCursor, encodeCursor } from './cursor';
import { countClaims } from './past-figures';
import type { PopulationMember } from './population';

/** The figures of one queue (`domain.md §11.6`), rates over the last 30 days, and counts over all time. */
export interface QueueFigures extends QueueKpis {
  readonly entered: number;
  readonly closed: number;
  /** Claims ever made; every fifth takes the oldest item. */
  readonly claims: number;
}

export interface QueueQuestion {
  /** Default open. */
  readonly state?: WorkItemState;
  readonly limit: number;
  /** Cursor of the page before, one that `continuesList` with this question. */
  readonly after?: string;
  readonly asOf?: Instant;
  /** When the first page is judged that asks for no `asOf`; default now. */
  readonly at?: Instant;
}

/** A page of items, with the instant at which their priorities are those shown. */
export interface ItemPage extends Page<ItemView> {
  readonly asOf: Instant;
}

export interface QueueAnswers {
  readonly queueKpis: (when?: { readonly asOf?: Instant }) => Promise<ReadonlyArray<QueueFigures>>;
  /**
   * Items in claim order: highest priority first, ties by due and id. Closed ones are in no such order: the
   * one that was closed last comes first. All pages are judged at the instant of the first: priorities move.
   */
  readonly queue: (queue: QueueId | 'all', question: QueueQuestion) => Promise<ItemPage>;
}

export interface QueueAnswersOptions {
  readonly engine: ProjectionEngine;
  readonly readModels: ReadModels;
  readonly openWork: OpenWork;
  readonly now: () => Instant;
  /** Whether the rows say nothing of this instant: what it asks is folded. */
  readonly isPast: (asOf: Instant | undefined) => asOf is Instant;
  readonly population: (asOf: Instant) => AsyncIterable<PopulationMember>;
}

/** Flows of the queues are of so many days. */
const KPI_WINDOW_DAYS = 30;

/** Where an item stands in its list: lower comes first, then lower, then the lower id. */
interface Place {
  readonly first: number;
  readonly second: number;
  readonly itemId: string;
}

const inOrder = (a: Place, b: Place): number =>
  a.first - b.first || a.second - b.second || (a.itemId < b.itemId ? -1 : a.itemId > b.itemId ? 1 : 0);

type Listed = Pick<
  WorkItem,
  'itemId' | 'state' | 'startedAt' | 'dueAt' | 'suppressedSince' | 'weight' | 'valueFactor' | 'riskFactor'
> & {
  readonly closedAt?: Instant | null;
};

/** §11.5: highest priority first, then the earlier due; of closed items the one closed last first. */
const placeOf = (item: Listed, configuration: Configuration, at: Instant): Place =>
  item.state === 'closed'
    ? { first: -(item.closedAt ?? 0), second: 0, itemId: item.itemId }
    : { first: -priorityOf(item, configuration, at), second: item.dueAt, itemId: item.itemId };

/** Where a page ended, and of which list it is. */
interface Bookmark {
  readonly queue: string;
  readonly state: string;
  readonly at: Instant;
  /** Whether the list is that of an `asOf`, and not of now. */
  readonly isOfPast: boolean;
  readonly place: Place;
}

const cursorOf = ({ queue, state, at, isOfPast, place: { first, second, itemId } }: Bookmark): string =>
  encodeCursor([queue, state, at, isOfPast ? 1 : 0, first, second, itemId]);

const bookmarkIn = (cursor: string): Bookmark => {
  const [queue, state, at, isOfPast, first, second, itemId] = decodeCursor(cursor);
  return {
    queue: String(queue),
    state: String(state),
    // Not a number where there is no such instant.
    at: new Date(Number(at)).getTime(),
    isOfPast: isOfPast === 1,
    place: { first: Number(first), second: Number(second), itemId: String(itemId) },
  };
};

/** Whether a cursor was given out for this very list: the same queue, state and instant. */
export const continuesList = (
  cursor: string,
  asked: QueueId | 'all',
  { state = 'open', asOf }: Pick<QueueQuestion, 'state' | 'asOf'>,
): boolean => {
  const bookmark = bookmarkIn(cursor);
  const isOfInstant = asOf === undefined ? !bookmark.isOfPast : asOf === bookmark.at;
  return bookmark.queue === asked && bookmark.state === state && !Number.isNaN(bookmark.at) && isOfInstant;
};

/** The first items after a place, in order, of as many as there are; `more`: there are further ones. */
const firstOf = <A>(
  items: Iterable<A>,
  placed: (item: A) => Place,
  after: Place | null,
  limit: number,
): { readonly page: ReadonlyArray<readonly [Place, A]>; readonly more: boolean } => {
  // In order, one more than are shown: sorting all of them would take as long as reading a page a hundred times.
  const first: (readonly [Place, A])[] = [];
  for (const item of items) {
    const place = placed(item);
    const last = first.length > limit ? first[limit] : undefined;
    if ((last !== undefined && inOrder(place, last[0]) > 0) || (after !== null && inOrder(place, after) <= 0)) continue;
    let [low, high] = [0, first.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const there = first[middle];
      if (there !== undefined && inOrder(there[0], place) <= 0) low = middle + 1;
      else high = middle;
    }
    first.splice(low, 0, [place, item]);
    if (first.length > limit + 1) first.pop();
  }
  return { page: first.slice(0, limit), more: first.length > limit };
};

/** What there is to be done, and how it goes. Nothing that was closed long ago is read for it. */
export const createQueueAnswers = ({
  engine,
  readModels,
  openWork,
  now,
  isPast,
  population,
}: QueueAnswersOptions): QueueAnswers => {
  const itemsThen = async (asOf: Instant, queue: QueueId | 'all'): Promise<ReadonlyArray<ItemRow>> => {
    const found: ItemRow[] = [];
    for await (const { row, items } of population(asOf))
      for (const item of items)
        if (queue === 'all' || item.queue === queue) found.push({ ...item, partyId: row.partyId });
    return found;
  };

  const figuresOf = (
    queue: QueueId,
    stock: QueueStock,
    flows: QueueFlows,
    { closed, claims }: { readonly closed: number; readonly claims: number },
  ): QueueFigures => ({
    ...queueKpisOf(queue, stock, flows, KPI_WINDOW_DAYS),
    entered: stock.open + closed,
    closed,
    claims,
  });

  const figuresThen = async (asOf: Instant): Promise<ReadonlyArray<QueueFigures>> => {
    const claims = new Map<QueueId, number>();
    const byQueue = new Map<QueueId, ItemRow[]>(queueIds.map((queue) => [queue, []]));
    for await (const { row, items, evidence } of population(asOf)) {
      for (const item of items) byQueue.get(item.queue)?.push({ ...item, partyId: row.partyId });
      countClaims(evidence, claims);
    }
    return [...byQueue].map(([queue, items]) => {
      const stock = queueStockOf(items, asOf);
      const flows = queueFlowsOf(items, asOf - KPI_WINDOW_DAYS * DAY_MS, asOf);
      return figuresOf(queue, stock, flows, { closed: items.length - stock.open, claims: claims.get(queue) ?? 0 });
    });
  };

  const queueKpis: QueueAnswers['queueKpis'] = async ({ asOf } = {}) => {
    if (isPast(asOf)) return figuresThen(asOf);
    const at = asOf ?? now();
    const [flows, closed, claims] = [
      await readModels.queueFlows(at - KPI_WINDOW_DAYS * DAY_MS, at),
      await closedItems(readModels),
      await readModels.claimCounts(),
    ];
    const figures: QueueFigures[] = [];
    for (const queue of queueIds)
      figures.push(
        figuresOf(queue, queueStockOf(await openWork.of(queue), at), flows.get(queue) ?? noFlows, {
          closed: closed.get(queue) ?? 0,
          claims: claims.get(queue) ?? 0,
        }),
      );
    return figures;
  };

  const queue: QueueAnswers['queue'] = async (asked, { state = 'open', limit, after, asOf, at: first }) => {
    const before = after === undefined ? null : bookmarkIn(after);
    const at = before?.at ?? asOf ?? first ?? now();
    const { configuration } = policyAt(engine.world.regime, at);
    // An item may have left the list since: the next page begins where it would stand.
    const from = before?.place ?? null;
    const placed = (item: Listed): Place => placeOf(item, configuration, at);
    function* inState<A extends Listed>(items: Iterable<A>): Generator<A> {
      for (const item of items) if (item.state === state) yield item;
    }
    const given = (items: ReadonlyArray<ItemRow>, place: Place | undefined, more: boolean): ItemPage => ({
      items: items.map((item) => itemViewOf(item.partyId, item, configuration, at)),
      next:
        more && place !== undefined ? cursorOf({ queue: asked, state, at, isOfPast: asOf !== undefined, place }) : null,
      asOf: at,
    });

    if (isPast(asOf)) {
      const { page, more } = firstOf(inState(await itemsThen(asOf, asked)), placed, from, limit);
      return given(
        page.map(([, item]) => item),
        page.at(-1)?.[0],
        more,
      );
    }
    if (state === 'closed') {
      const place = from === null ? {} : { after: { closedAt: -from.first, itemId: from.itemId } };
      const rows = await readModels.closedItems(asked === 'all' ? null : asked, { ...place, limit: limit + 1 });
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      return given(page, last && placeOf(last, configuration, at), rows.length > limit);
    }
    const { page, more } = firstOf(inState(await openWork.of(asked)), placed, from, limit);
    const rows = await Promise.all(page.map(([, { itemId }]) => readModels.item(itemId)));
    return given(
      rows.filter((row) => row !== null),
      page.at(-1)?.[0],
      more,
    );
  };

  return { queueKpis, queue };
};
