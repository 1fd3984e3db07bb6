import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { decodeCloudEvent, isFactType } from '@afecto/domain';
import { openSqliteEventStore } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { Random } from '../simulator/random';
import { demoFacts, writeNdjson } from '../testing/given-facts';
import { givenProgram, type Running } from '../testing/given-program';
import { acknowledgedBy, DRIVER, killAfter } from '../testing/killed-driver';

const KILLS = { bulk: 20, building: 4, following: 6 };
/** Calls within which a child is killed once it has come to its place: then it waits. */
const CALLS = 12;

const program = givenProgram();
afterAll(program.remove);

const eventIdOf = (fact: unknown): string => {
  const decoded = decodeCloudEvent(fact);
  if (E.isLeft(decoded)) throw new Error(JSON.stringify(decoded.left));
  return decoded.right.eventId;
};

/** The ids of all facts in the log; a position or an id twice, or a gap, is an error. */
const idsInLog = async (): Promise<ReadonlySet<string>> => {
  const ids = new Set<string>();
  if (!existsSync(program.path('killed.db'))) return ids;
  const opened = openSqliteEventStore({ file: program.path('killed.db'), clock: Date.now, readOnly: true });
  if (E.isLeft(opened)) throw new Error(opened.left.message);
  const all = new Set<string>();
  for await (const page of opened.right.readAll())
    for (const { id, type, position } of page) {
      all.add(id);
      if (Number(position) !== all.size) throw new Error(`${id} at ${position} is event ${all.size} of the log.`);
      if (isFactType(type)) ids.add(id);
    }
  await opened.right.close();
  return ids;
};

describe('kill -9', () => {
  it('at twenty moments of an import, and while projections build and follow, loses and doubles nothing', async () => {
    const random = new Random(9, 'kills');
    const below = (limit: number): number => random.whole(0, limit - 1);
    const { facts, clock } = await demoFacts(60);
    const bulk = facts.slice(0, Math.floor(facts.length * 0.8));
    writeNdjson(program.path('bulk.ndjson'), bulk);
    writeNdjson(program.path('all.ndjson'), facts);
    const ids = facts.map(eventIdOf);
    const start = (mode: 'bulk' | 'following', calls?: number): Running => {
      const file = mode === 'bulk' ? 'bulk.ndjson' : 'all.ndjson';
      return program.start(
        [mode, 'sqlite:killed.db', clock, file, ...(calls === undefined ? [] : [`${calls}`])],
        DRIVER,
      );
    };
    let acknowledged = 0;
    const checkLog = async (): Promise<void> => {
      const found = await idsInLog();
      expect(ids.slice(0, acknowledged).filter((id) => !found.has(id))).toEqual([]);
    };

    // As the driver makes them. Some are left to the end, so that every kill falls into the import.
    const calls = Math.floor(bulk.length / 25) - CALLS;
    for (let kill = 0; kill < KILLS.bulk; kill++) {
      const at = Math.floor((kill * calls) / KILLS.bulk) + below(4);
      const running = start('bulk', at + CALLS);
      expect(await killAfter(running, at, at === 0 ? 100 + below(400) : below(25))).toBe(true);
      expect((await running.ended).signal).toBe('SIGKILL');
      acknowledged = Math.max(acknowledged, await acknowledgedBy(running));
      await checkLog();
    }
    const last = start('bulk');
    expect(await last.ended).toMatchObject({ code: 0 });
    acknowledged = await acknowledgedBy(last);
    expect(acknowledged).toBe(bulk.length);
    expect((await idsInLog()).size).toBe(bulk.length);

    const command = (...args: ReadonlyArray<string>): ReadonlyArray<string> => [
      '--store',
      'sqlite:killed.db',
      '--clock',
      clock,
      ...args,
    ];
    for (let kill = 0; kill < KILLS.building; kill++) {
      const running = program.start(command('zones'));
      while (!existsSync(program.path('killed.db.holder.json'))) await pause(2);
      await killAfter(running, 0, 20 + below(150) * (kill + 1));
      await running.ended;
    }

    for (let kill = 0; kill < KILLS.following; kill++) {
      const at = Math.floor((facts.length / 40) * (0.7 + 0.04 * kill)) + below(4);
      const running = start('following', at + CALLS);
      expect(await killAfter(running, at, below(25))).toBe(true);
      acknowledged = Math.max(acknowledged, await acknowledgedBy(running));
      await checkLog();
    }
    const end = start('following');
    expect(await end.ended).toMatchObject({ code: 0, stderr: '' });
    expect(await acknowledgedBy(end)).toBe(facts.length);
    const found = await idsInLog();
    expect(found.size).toBe(facts.length);
    expect(ids.filter((id) => !found.has(id))).toEqual([]);

    const verified = await program.run(command('--json', 'verify'));
    expect(JSON.parse(verified.stdout)).toMatchObject({
      ok: true,
      findings: Array(5).fill({ ok: true }),
    });
    const rebuilt = await program.run(command('--json', 'rebuild'));
    expect(JSON.parse(rebuilt.stdout)).toMatchObject({ comparison: { equal: true } });
  });
});
