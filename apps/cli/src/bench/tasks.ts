import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { DAY_MS } from '@afecto/domain';
import { besideLog, openAfecto, openReadModels, openReadOnlyStore, openStore } from '@afecto/application';
import { build, ProjectionEngine } from '@afecto/projections';
import { EventStoreDBClient, FORWARDS, START } from '@eventstore/db-client';
import { OPERATOR } from '../commands/review';
import { right, settingsOf } from './log-file';

/** Work that is measured in a process of its own, so that its memory and its garbage are its own. */
export type Task =
  | { readonly kind: 'build'; readonly eventStore: string; readonly folder: string; readonly now: number }
  | {
      readonly kind: 'days';
      readonly eventStore: string;
      readonly folder: string;
      readonly now: number;
      readonly days: number;
    }
  | { readonly kind: 'review'; readonly eventStore: string; readonly now: number }
  | { readonly kind: 'raw scan'; readonly file: string }
  | { readonly kind: 'client read'; readonly url: string };

export interface TaskResult {
  /** Facts, events or customers, whatever the task counts. */
  readonly count: number;
  readonly parties: number;
  /** How long it took; of days, each. */
  readonly seconds: ReadonlyArray<number>;
  /** The most memory that the process has had in use. */
  readonly residentMiB: number;
}

/** How long the customers may take to be evaluated under a review. */
const REVIEWED_WITHIN_MS = 3_600_000;

const residentMiB = (): number => process.resourceUsage().maxRSS / 1_024;
const since = (started: number): number => (performance.now() - started) / 1_000;

const removeReadModels = (file: string): void => {
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
};

type Of<K extends Task['kind']> = Extract<Task, { kind: K }>;

/** All projections from an empty file, persisted; from opening the log to the last commit. */
const buildAll = async ({ eventStore, folder, now }: Of<'build'>): Promise<TaskResult> => {
  const settings = settingsOf(eventStore, folder, now);
  const isServer = eventStore.startsWith('esdb');
  const started = performance.now();
  const store = right(await (isServer ? openStore(settings) : openReadOnlyStore(settings)));
  const readModels = right(await openReadModels(settings.readModels, store));
  await build(store, readModels, { now, spillFile: `${folder}/build.db` });
  const seconds = since(started);
  const count = (await readModels.checkpoint())?.facts ?? 0;
  const parties = (await readModels.countCustomers([])).reduce((sum, { count: some }) => sum + some, 0);
  await readModels.close();
  await store.close();
  return { count, parties, seconds: [seconds], residentMiB: residentMiB() };
};

/** What time alone changes, day after day, over read models that are built; counts customers due. */
const passDays = async ({ eventStore, folder, now, days }: Of<'days'>): Promise<TaskResult> => {
  const settings = settingsOf(eventStore, folder, now);
  const store = right(await openReadOnlyStore(settings));
  const readModels = right(await openReadModels(settings.readModels, store));
  const engine = await ProjectionEngine.over(readModels, store);
  const parties = (await readModels.countCustomers([])).reduce((sum, { count }) => sum + count, 0);
  const seconds: number[] = [];
  let count = 0;
  for (let day = 1; day <= days; day += 1) {
    const horizon = now + day * DAY_MS;
    count += (await readModels.dueCustomers(horizon, Number.MAX_SAFE_INTEGER)).length;
    const started = performance.now();
    await engine.exclusively(() => engine.advanceTo(horizon));
    seconds.push(since(started));
  }
  await readModels.close();
  await store.close();
  return { count, parties, seconds, residentMiB: residentMiB() };
};

/** Builds the read models beside the log, reviews the portfolio, and waits until every customer stands under the review. */
const reviewAll = async ({ eventStore, now }: Of<'review'>): Promise<TaskResult> => {
  const started = performance.now();
  const afecto = right(
    await openAfecto({
      eventStore,
      readModels: besideLog(eventStore, 'read-models'),
      quarantine: besideLog(eventStore, 'quarantine'),
      now: () => now,
    }),
  );
  try {
    right(await afecto.reviewPortfolio({ commandId: 'bench-review', actor: OPERATOR }));
    const isCurrent = await afecto.projections.waitFor(await afecto.store.head(), REVIEWED_WITHIN_MS);
    if (!isCurrent) throw new Error('the customers did not come to stand under the review in time');
    const count = (await afecto.readModels.checkpoint())?.facts ?? 0;
    const parties = (await afecto.readModels.countCustomers([])).reduce((sum, { count: some }) => sum + some, 0);
    return { count, parties, seconds: [since(started)], residentMiB: residentMiB() };
  } finally {
    await afecto.close();
  }
};

/** Plain SQL over the same file: every row read in order, both JSON columns parsed. */
const rawScan = ({ file }: Of<'raw scan'>): TaskResult => {
  const database = new DatabaseSync(file, { readOnly: true });
  const started = performance.now();
  let count = 0;
  for (const row of database.prepare('SELECT data, metadata FROM events ORDER BY position').iterate()) {
    JSON.parse(String(row['data']));
    JSON.parse(String(row['metadata']));
    count += 1;
  }
  const seconds = since(started);
  database.close();
  return { count, parties: 0, seconds: [seconds], residentMiB: residentMiB() };
};

/** The official client alone: every event of `$all`, from connecting to the last. */
const clientRead = async ({ url }: Of<'client read'>): Promise<TaskResult> => {
  const started = performance.now();
  const client = EventStoreDBClient.connectionString(url);
  let count = 0;
  for await (const { event } of client.readAll({ direction: FORWARDS, fromPosition: START }))
    if (event !== undefined) count += 1;
  const seconds = since(started);
  await client.dispose();
  return { count, parties: 0, seconds: [seconds], residentMiB: residentMiB() };
};

export const perform = async (task: Task): Promise<TaskResult> => {
  switch (task.kind) {
    case 'build':
      removeReadModels(settingsOf(task.eventStore, task.folder, task.now).readModels);
      return buildAll(task);
    case 'days':
      return passDays(task);
    case 'review':
      return reviewAll(task);
    case 'raw scan':
      return rawScan(task);
    case 'client read':
      return clientRead(task);
  }
};
