import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { besideLog, openIntakeOnly, openReadModels, openReadOnlyStore, type Settings } from '@afecto/application';
import { build } from '@afecto/projections';
import * as E from 'fp-ts/Either';
import type { CloudEvent } from '../import';
import { openDemo } from '../simulator';
import { manyCustomers } from './many-customers';

export interface RebuildFigures {
  readonly facts: number;
  readonly parties: number;
  /** Facts a second of every rebuild. */
  readonly rates: ReadonlyArray<number>;
  /** Facts a second of reading and parsing the same log by plain SQL, the floor of any rebuild. */
  readonly rawRates: ReadonlyArray<number>;
}

const FACTS_A_CALL = 1_000;

const right = <L extends { readonly message: string }, A>(either: E.Either<L, A>): A => {
  if (E.isLeft(either)) throw new Error(either.left.message);
  return either.right;
};

/** Plain SQL over the same file: every row read in order, both JSON columns parsed. */
const rawScan = (file: string): number => {
  const database = new DatabaseSync(file, { readOnly: true });
  const started = performance.now();
  let rows = 0;
  for (const row of database.prepare('SELECT data, metadata FROM events ORDER BY position').iterate()) {
    JSON.parse(String(row['data']));
    JSON.parse(String(row['metadata']));
    rows += 1;
  }
  database.close();
  return (rows * 1_000) / (performance.now() - started);
};

/** Builds all projections of `copies` times the demonstration's customers, `runs` times, from an empty file. */
export const measureRebuild = async (copies: number, runs: number): Promise<RebuildFigures> => {
  const folder = mkdtempSync(join(tmpdir(), 'afecto-bench-'));
  const eventStore = `sqlite:${join(folder, 'afecto.db')}`;
  const source = right(openDemo());
  const facts: CloudEvent[] = [];
  for await (const fact of source.facts) facts.push(fact);
  const now = Date.parse(source.report().endsAt ?? '');
  const settings: Settings = {
    eventStore,
    readModels: besideLog(eventStore, 'read-models'),
    quarantine: besideLog(eventStore, 'quarantine'),
    now: () => now,
  };
  try {
    const { intake, close } = right(await openIntakeOnly(settings));
    let call: unknown[] = [];
    for (const fact of manyCustomers(facts, copies)) {
      call.push(fact);
      if (call.length < FACTS_A_CALL) continue;
      right(await intake.accept(call));
      call = [];
    }
    right(await intake.accept(call));
    await close();

    const [rates, rawRates]: [number[], number[]] = [[], []];
    let [total, parties] = [0, 0];
    for (let run = 0; run < runs; run++) {
      rawRates.push(rawScan(join(folder, 'afecto.db')));
      const store = right(await openReadOnlyStore(settings));
      const readModels = right(await openReadModels(settings.readModels, store));
      const started = performance.now();
      await build(store, readModels, { now, spillFile: join(folder, 'build') });
      const seconds = (performance.now() - started) / 1_000;
      total = (await readModels.checkpoint())?.facts ?? 0;
      parties = (await readModels.countCustomers([])).reduce((sum, { count }) => sum + count, 0);
      rates.push(total / seconds);
      await readModels.close();
      await store.close();
      for (const suffix of ['', '-wal', '-shm']) rmSync(`${settings.readModels}${suffix}`, { force: true });
    }
    return { facts: total, parties, rates, rawRates };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
