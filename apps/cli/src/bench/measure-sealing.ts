import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeCloudEvent, toNewEvent } from '@afecto/domain';
import { type AppendRequest, type EventStore, openSqliteEventStore } from '@afecto/event-store';
import { KeyStore, sealed } from '@afecto/privacy';
import { build } from '@afecto/projections';
import { openSqliteReadModels } from '@afecto/read-models';
import * as E from 'fp-ts/Either';
import { demoHistory, right } from './log-file';

/** Facts in one call, as an import sends them. */
const FACTS_A_CALL = 500;
const ROUNDS = 3;
/** Sealing may cost so much of the speed (issue 6). */
const MOST_LOST = 0.3;

interface Cost {
  /** Of all threads. */
  readonly cpuSeconds: number;
  readonly seconds: number;
}

const costOf = async (work: () => Promise<unknown>): Promise<Cost> => {
  globalThis.gc?.();
  const [cpu, wall] = [process.cpuUsage(), performance.now()];
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { cpuSeconds: (user + system) / 1e6, seconds: (performance.now() - wall) / 1_000 };
};

const requestOf = (fact: unknown): ReadonlyArray<AppendRequest> => {
  const decoded = decodeCloudEvent(fact);
  if (E.isLeft(decoded)) return [];
  const { id, type, data, metadata } = toNewEvent(decoded.right);
  return [{ streamId: decoded.right.streamId, expectedRevision: 'any', events: [{ id, type, data, metadata }] }];
};

const appendAll = async (store: EventStore, requests: ReadonlyArray<AppendRequest>): Promise<void> => {
  for (let from = 0; from < requests.length; from += FACTS_A_CALL)
    for (const outcome of await store.appendMany(requests.slice(from, from + FACTS_A_CALL)))
      if (E.isLeft(outcome)) throw new Error(JSON.stringify(outcome.left));
};

const openIn = (folder: string, isSealed: boolean, clock: () => number): EventStore => {
  const store = right(openSqliteEventStore({ file: join(folder, 'log.db'), clock }));
  if (!isSealed) return store;
  const files = { keyStore: join(folder, 'keys.db'), masterKey: join(folder, 'master-key') };
  return sealed(store, right(KeyStore.open(files, clock)));
};

const measured = async (
  requests: ReadonlyArray<AppendRequest>,
  now: number,
  isSealed: boolean,
): Promise<{ readonly append: Cost; readonly rebuild: Cost }> => {
  const folder = mkdtempSync(join(tmpdir(), 'afecto-sealing-'));
  try {
    const written = openIn(folder, isSealed, () => now);
    const append = await costOf(() => appendAll(written, requests));
    await written.close();
    const store = openIn(folder, isSealed, () => now);
    const readModels = right(openSqliteReadModels(join(folder, 'read-models.db')));
    const rebuild = await costOf(() => build(store, readModels, { now, spillFile: join(folder, 'build.db') }));
    await readModels.close();
    await store.close();
    return { append, rebuild };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const least = (costs: ReadonlyArray<Cost>, of: keyof Cost): number => Math.min(...costs.map((cost) => cost[of]));

/** What sealing costs of the processor's time, the least of some rounds by turns; exit 1 when it is too much. */
const main = async (): Promise<void> => {
  const copies = Number(process.argv[2] ?? 1);
  const { facts, endsAt } = await demoHistory(copies);
  const requests = [...facts].flatMap(requestOf);
  const rounds: (Awaited<ReturnType<typeof measured>> & { readonly isSealed: boolean })[] = [];
  for (let round = 0; round < ROUNDS; round++)
    for (const isSealed of [false, true]) rounds.push({ isSealed, ...(await measured(requests, endsAt, isSealed)) });
  for (const what of ['append', 'rebuild'] as const) {
    const of = (isSealed: boolean): ReadonlyArray<Cost> =>
      rounds.filter((round) => round.isSealed === isSealed).map((round) => round[what]);
    const [plain, withKeys] = [least(of(false), 'cpuSeconds'), least(of(true), 'cpuSeconds')];
    const lost = 1 - plain / withKeys;
    const rate = (cpuSeconds: number): string => Math.round(requests.length / cpuSeconds).toLocaleString('en');
    process.stdout.write(
      `${what}: ${requests.length} facts; in clear ${plain.toFixed(2)} s of CPU (${rate(plain)}/s, wall ${least(of(false), 'seconds').toFixed(2)} s), ` +
        `sealed ${withKeys.toFixed(2)} s (${rate(withKeys)}/s, wall ${least(of(true), 'seconds').toFixed(2)} s): ${(lost * 100).toFixed(1)} % lost\n`,
    );
    if (lost > MOST_LOST) process.exitCode = 1;
  }
};

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 2;
});
