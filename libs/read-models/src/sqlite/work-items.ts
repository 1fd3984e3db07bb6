import type { DatabaseSync } from 'node:sqlite';
import type { QueueId, WorkItem } from '@afecto/domain';
import type { ItemFilter, ItemRow, ReadModels } from '../port';

/** Rows held at once while a reader walks over items. */
const PAGE = 1_000;

type ItemQueries = Pick<ReadModels, 'item' | 'items' | 'claimCounts'>;

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

  return {
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
