import { join } from 'node:path';
import { decodeCloudEvent, toNewEvent } from '@afecto/domain';
import { type AppendRequest, type EventStore, openSqliteEventStore } from '@afecto/event-store';
import { KeyStore, sealed } from '@afecto/privacy';
import { build } from '@afecto/projections';
import { openSqliteReadModels } from '@afecto/read-models';
import type { Figure } from '@afecto/server';
import * as E from 'fp-ts/Either';
import type { BenchRun } from './bench-run';
import { inFolder } from './in-folder';
import { demoHistory, right } from './log-file';

/** Facts in one call: one by one, as many as callers at once, and as an import sends them; one by one not all. */
const CALLS = {
  one: { facts: 1, all: 2_000 },
  many: { facts: 64, all: Infinity },
  import: { facts: 500, all: Infinity },
};
/** A disk that others use too gives calls of some milliseconds another rate every time. */
const ROUNDS = 9;

/** In seconds. */
const timeOf = async (work: () => Promise<unknown>): Promise<number> => {
  globalThis.gc?.();
  const before = performance.now();
  await work();
  return (performance.now() - before) / 1_000;
};

const requestOf = (fact: unknown): ReadonlyArray<AppendRequest> => {
  const decoded = decodeCloudEvent(fact);
  if (E.isLeft(decoded)) return [];
  const { id, type, data, metadata } = toNewEvent(decoded.right);
  return [{ streamId: decoded.right.streamId, expectedRevision: 'any', events: [{ id, type, data, metadata }] }];
};

const appendAll = async (
  store: EventStore,
  requests: ReadonlyArray<AppendRequest>,
  factsACall: number,
): Promise<void> => {
  for (let from = 0; from < requests.length; from += factsACall)
    for (const outcome of await store.appendMany(requests.slice(from, from + factsACall)))
      if (E.isLeft(outcome)) throw new Error(JSON.stringify(outcome.left));
};

const openIn = (folder: string, isSealed: boolean, clock: () => number): EventStore => {
  const store = right(openSqliteEventStore({ file: join(folder, 'log.db'), clock }));
  if (!isSealed) return store;
  const files = { keyStore: join(folder, 'keys.db'), masterKey: join(folder, 'master-key') };
  return sealed(store, right(KeyStore.open(files, clock)));
};

type What = 'one' | 'many' | 'import' | 'rebuild';
/** Facts a second. */
type Rates = Readonly<Record<What, number>>;

const appended = (
  requests: ReadonlyArray<AppendRequest>,
  { facts, all }: { readonly facts: number; readonly all: number },
  now: number,
  isSealed: boolean,
): Promise<number> =>
  inFolder(async (folder) => {
    const store = openIn(folder, isSealed, () => now);
    const some = requests.slice(0, all);
    const seconds = await timeOf(() => appendAll(store, some, facts));
    await store.close();
    return some.length / seconds;
  });

const rebuilt = (requests: ReadonlyArray<AppendRequest>, now: number, isSealed: boolean): Promise<number> =>
  inFolder(async (folder) => {
    const store = openIn(folder, isSealed, () => now);
    await appendAll(store, requests, CALLS.import.facts);
    const readModels = right(openSqliteReadModels(join(folder, 'read-models.db')));
    const seconds = await timeOf(() => build(store, readModels, { now, spillFile: join(folder, 'build.db') }));
    await readModels.close();
    await store.close();
    return requests.length / seconds;
  });

/**
 * What sealing leaves of the speed: the demonstration's facts, of parties who are all new, appended and built
 * into read models. Raw: the same in clear, by turns.
 */
export const measureSealing = async ({ signal, say }: BenchRun): Promise<Readonly<Record<What, Figure>>> => {
  const { facts, endsAt } = await demoHistory(1);
  const requests = [...facts].flatMap(requestOf);
  const measured = async (isSealed: boolean): Promise<Rates> => ({
    one: await appended(requests, CALLS.one, endsAt, isSealed),
    many: await appended(requests, CALLS.many, endsAt, isSealed),
    import: await appended(requests, CALLS.import, endsAt, isSealed),
    rebuild: await rebuilt(requests, endsAt, isSealed),
  });
  const rounds: { readonly sealed: Rates; readonly clear: Rates }[] = [];
  // The first round compiles what the others run.
  for (let round = -1; round < ROUNDS; round++) {
    signal.throwIfAborted();
    say(round < 0 ? 'sealing: warming up' : `sealing, round ${round + 1}`);
    const clear = await measured(false);
    const rates = { clear, sealed: await measured(true) };
    if (round >= 0) rounds.push(rates);
  }
  const figure = (what: What): Figure => ({
    unit: 'facts/s',
    rounds: rounds.map((round) => round.sealed[what]),
    raw: rounds.map((round) => round.clear[what]),
  });
  return { one: figure('one'), many: figure('many'), import: figure('import'), rebuild: figure('rebuild') };
};
