import type { DatabaseSync } from 'node:sqlite';
import type { Instant, QueueFlows, QueueId, WorkItem } from '@afecto/domain';
import type { ItemFilter, ItemRow, ReadModels } from '../port';

/** Rows held at once while a reader walks over items. */
const PAGE = 1_000;

type ItemQueries = Pick<ReadModels, 'item' | 'items' | 'closedItems' | 'queueFlows' | 'claimCounts'>;

const itemRow = (row: Record<string, unknown>): ItemRow => {
  const item: WorkItem = JSON.parse(String(row['row']));
  return { ...item, partyId: String(row['party_id']) };
};

export const itemQueries = (database: DatabaseSync): ItemQueries => {
  const one = database.prepare('SELECT party_id, row FROM work_item WHERE item_id = ?');
  const claims = database.prepare('SELECT queue, claims FROM claim_count');

  /** Page by page in the order of a column that every row has another value of. */
  function* pages(
    filter: ItemFilter,
    order: 'rowid' | 'item_id',
    more?: string,
  ): Generator<ReadonlyArray<ItemRow>, void, void> {
    const conditions = [`${order} > ?`, ...(more === undefined ? [] : [more])];
    const values: string[] = [];
    const equals = (column: string, value: string | undefined) => {
      if (value === undefined) return;
      conditions.push(`${column} = ?`);
      values.push(value);
    };
    equals('queue', filter.queue);
    equals('party_id', filter.partyId);
    equals('agent_id', filter.agentId);
    equals('visibility', filter.visibility);
    if (filter.states !== undefined) {
      conditions.push(`state IN (${filter.states.map(() => '?').join(', ')})`);
      values.push(...filter.states);
    }
    const page = database.prepare(
      `SELECT ${order} AS place, party_id, row FROM work_item WHERE ${conditions.join(' AND ')} ORDER BY ${order} LIMIT ${PAGE}`,
    );
    let after: string | number = order === 'rowid' ? 0 : '';
    for (;;) {
      const rows = page.all(after, ...values);
      if (rows.length > 0) yield rows.map(itemRow);
      const last = rows.at(-1)?.['place'];
      if ((typeof last !== 'string' && typeof last !== 'number') || rows.length < PAGE) return;
      after = last;
    }
  }

  const closedIn = database.prepare(
    `SELECT party_id, row FROM work_item
     WHERE queue = ?1 AND closed_at <= ?2 AND (closed_at < ?2 OR item_id > ?3) ORDER BY closed_at DESC, item_id LIMIT +?4`,
  );
  const entered = database.prepare(
    'SELECT count(*) AS many, ifnull(sum(again), 0) AS again FROM work_item WHERE queue = ? AND entered_at > ? AND entered_at <= ?',
  );
  const waits = database.prepare(
    `SELECT max(0, first_action_at - entered_at) AS wait FROM work_item
     WHERE queue = ? AND entered_at > ? AND entered_at <= ? AND first_action_at IS NOT NULL ORDER BY wait`,
  );
  const ended = database.prepare(
    `SELECT closed_by = 'outcome' AS worked, outcome, count(*) AS many, sum(closed_at <= due_at) AS in_time FROM work_item
     WHERE queue = ? AND closed_at > ? AND closed_at <= ? GROUP BY 1, 2 ORDER BY 1, 2`,
  );

  const flowsOf = (queue: QueueId, after: Instant, until: Instant): QueueFlows => {
    const came = entered.get(queue, after, until);
    const outcomes: Record<string, number> = {};
    let [many, inTime] = [0, 0];
    for (const row of ended.all(queue, after, until)) {
      many += Number(row['many']);
      inTime += Number(row['in_time']);
      if (row['worked'] === 1 && typeof row['outcome'] === 'string') outcomes[row['outcome']] = Number(row['many']);
    }
    return {
      entered: Number(came?.['many']),
      enteredAgain: Number(came?.['again']),
      waitsMs: waits.all(queue, after, until).map((row) => Number(row['wait'])),
      ended: many,
      endedInTime: inTime,
      outcomes,
    };
  };

  return {
    closedItems: async (queue, { after, limit }) => {
      const { closedAt, itemId } = after ?? { closedAt: Number.MAX_SAFE_INTEGER, itemId: '' };
      // The index has each queue in this order: the first of each are enough.
      return (queue === null ? queues : [queue])
        .flatMap((one) => closedIn.all(one, closedAt, itemId, limit).map(itemRow))
        .sort((a, b) => (b.closedAt ?? 0) - (a.closedAt ?? 0) || (a.itemId < b.itemId ? -1 : 1))
        .slice(0, limit);
    },
    queueFlows: async (after, until) => new Map(queues.map((queue) => [queue, flowsOf(queue, after, until)])),
    item: async (itemId) => {
      const row = one.get(itemId);
      return row === undefined ? null : itemRow(row);
    },
    items: async function* (filter) {
      const { states } = filter;
      // The index of open items knows queue and state, and within them the order of arrival.
      if (filter.partyId === undefined && states !== undefined && !states.includes('closed'))
        for (const queue of filter.queue === undefined ? queues : [filter.queue])
          for (const state of states) yield* pages({ ...filter, queue, states: [state] }, 'rowid', `state <> 'closed'`);
      else yield* pages(filter, 'item_id');
    },
    claimCounts: async () =>
      new Map(claims.all().map((row): [QueueId, number] => [queueId(row['queue']), Number(row['claims'])])),
  };
};

const queues: ReadonlyArray<QueueId> = ['Q1', 'Q2', 'Q3', 'Q4', 'Q5', 'Q6', 'Q7', 'Q8'];

const queueId = (text: unknown): QueueId => {
  const found = queues.find((queue) => queue === text);
  if (found === undefined) throw new Error(`claim_count holds an unknown queue: ${String(text)}`);
  return found;
};
