import { randomUUID } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EventStore, Position, StoredEvent } from '../port';
import {
  appendTo,
  arbitraryEvent,
  AT,
  collect,
  expectLeft,
  expectRight,
  openStore,
  takeUntil,
  temporaryFolder,
} from '../testing/given-store';
import { withLocalCopy } from './with-local-copy';

const folder = temporaryFolder();
let file: string;
let open: EventStore[];
beforeEach(() => {
  file = join(folder.path, `${randomUUID()}.copy.db`);
  open = [];
});
afterEach(async () => {
  for (const store of open.toReversed()) await store.close();
});
afterAll(folder.remove);

interface Given {
  readonly log: EventStore;
  /** Positions that the log itself was asked for, question by question. */
  readonly asked: Position[][];
}

/** A log that stands for one far away. */
const givenLog = (path = join(folder.path, `${randomUUID()}.db`)): Given => {
  const store = openStore(path);
  const asked: Position[][] = [];
  const log: EventStore = {
    ...store,
    eventsAt: (positions) => {
      asked.push([...positions]);
      return store.eventsAt(positions);
    },
  };
  return { log, asked };
};

const keptFor = async (log: EventStore, readOnly = false): Promise<EventStore> => {
  const store = expectRight(await withLocalCopy(log, { file, now: AT, readOnly }));
  open.push(store);
  return store;
};

const written = async (log: EventStore, events: number): Promise<void> => {
  for (let number = 1; number <= events; number += 1)
    expectRight(await log.append(appendTo(`order-${number}`, [arbitraryEvent({ data: { number } })])));
};

const all = (store: EventStore): Promise<ReadonlyArray<StoredEvent>> => collect(store.readAll({}));
const at = (...positions: ReadonlyArray<number>): Position[] => positions.map(BigInt);

describe('a local copy of a log', () => {
  it('given what was read in order, when it is asked for by position, then the log is not asked', async () => {
    const { log, asked } = givenLog();
    await written(log, 3);
    const store = await keptFor(log);
    const events = await all(store);
    asked.length = 0;
    expect(await store.eventsAt(at(3, 1))).toEqual([events[2], events[0]]);
    expect(asked).toEqual([]);
  });

  it('given what a subscription has brought, then the log is not asked for it', async () => {
    const { log, asked } = givenLog();
    await written(log, 2);
    const store = await keptFor(log);
    const events = await takeUntil(store.subscribe({}), (taken) => taken.length === 2);
    asked.length = 0;
    expect(await store.eventsAt(at(1, 2))).toEqual(events);
    expect(asked).toEqual([]);
  });

  it('what was not read is asked for once, in one question, and then kept', async () => {
    const { log, asked } = givenLog();
    await written(log, 4);
    const store = await keptFor(log);
    const some = await collect(store.readAll({ limit: 2 }));
    asked.length = 0;
    const events = await store.eventsAt(at(4, 2, 3));
    expect(events.map(({ position }) => position)).toEqual(at(4, 2, 3));
    expect(events[1]).toEqual(some[1]);
    expect(asked).toEqual([at(4, 3)]);
    expect(await store.eventsAt(at(4, 2, 3))).toEqual(events);
    expect(asked).toHaveLength(1);
  });

  it('stays when its keeper ends, and is read by the next one', async () => {
    const path = join(folder.path, `${randomUUID()}.db`);
    const first = givenLog(path);
    await written(first.log, 3);
    const store = await keptFor(first.log);
    const events = await all(store);
    await store.close();
    const again = givenLog(path);
    const next = await keptFor(again.log);
    again.asked.length = 0;
    expect(await next.eventsAt(at(1, 2, 3))).toEqual(events);
    expect(again.asked).toEqual([]);
  });

  it('of another log it is begun anew: nothing of the other one is answered', async () => {
    const other = givenLog();
    await written(other.log, 5);
    const store = await keptFor(other.log);
    await all(store);
    await store.close();
    const { log } = givenLog();
    await written(log, 2);
    const mine = await keptFor(log);
    await expect(mine.eventsAt(at(5))).rejects.toThrow('lacks position 5');
    expect(await mine.eventsAt(at(1, 2))).toEqual(await collect(log.readAll({})));
  });

  /** Both logs begin with the same event, so that the first event alone does not tell them apart. */
  it('of a log that was put back and went on another way it is begun anew', async () => {
    const path = join(folder.path, `${randomUUID()}.db`);
    const backup = `${path}.backup`;
    const before = givenLog(path);
    await written(before.log, 2);
    await before.log.close();
    copyFileSync(path, backup);
    const lost = givenLog(path);
    await written(lost.log, 3);
    const store = await keptFor(lost.log);
    await all(store);
    await store.close();
    copyFileSync(backup, path);
    const back = givenLog(path);
    await written(back.log, 4);
    const mine = await keptFor(back.log);
    expect(await mine.eventsAt(at(1, 2, 3, 4, 5, 6))).toEqual(await collect(back.log.readAll({})));
  });

  it('of a log that was put back and is shorter it is begun anew', async () => {
    const path = join(folder.path, `${randomUUID()}.db`);
    const before = givenLog(path);
    await written(before.log, 2);
    await before.log.close();
    copyFileSync(path, `${path}.backup`);
    const lost = givenLog(path);
    await written(lost.log, 3);
    const store = await keptFor(lost.log);
    await all(store);
    await store.close();
    copyFileSync(`${path}.backup`, path);
    const mine = await keptFor(givenLog(path).log);
    await expect(mine.eventsAt(at(3))).rejects.toThrow('lacks position 3');
    expect((await mine.eventsAt(at(2))).map(({ position }) => position)).toEqual(at(2));
  });

  it('of a damaged file it is begun anew', async () => {
    writeFileSync(file, 'no database');
    const { log } = givenLog();
    await written(log, 2);
    const store = await keptFor(log);
    expect(await store.eventsAt(at(1, 2))).toEqual(await all(store));
  });

  it('is read beside its keeper by others, who keep nothing', async () => {
    const { log, asked } = givenLog();
    await written(log, 3);
    const keeper = await keptFor(log);
    const [first] = await collect(keeper.readAll({ limit: 1 }));
    const reader = await keptFor({ ...log, close: async () => {} }, true);
    asked.length = 0;
    expect(await reader.eventsAt(at(1))).toEqual([first]);
    expect(asked).toEqual([]);
    await reader.eventsAt(at(2));
    await reader.eventsAt(at(2));
    expect(asked).toEqual([at(2), at(2)]);
  });

  it('who reads where no copy is makes none', async () => {
    const { log, asked } = givenLog();
    await written(log, 1);
    const reader = await keptFor(log, true);
    expect((await reader.eventsAt(at(1))).map(({ position }) => position)).toEqual(at(1));
    expect(asked).toEqual([at(1)]);
    expect(existsSync(file)).toBe(false);
  });

  it('one process keeps it: a second one hears who does, and the first goes on', async () => {
    const { log } = givenLog();
    await written(log, 1);
    const keeper = await keptFor(log);
    const refused = expectLeft(await withLocalCopy(log, { file, now: AT }));
    expect(refused).toMatchObject({ code: 'StoreHeld', message: expect.stringContaining(String(process.pid)) });
    expect(await keeper.eventsAt(at(1))).toHaveLength(1);
  });

  /** The lock was kept when no file could be made, and the failure was thrown past whoever closes the connection. */
  it('given a folder in its place, then that is said, and the place is free again', async () => {
    mkdirSync(join(file, 'inside'), { recursive: true });
    const { log } = givenLog();
    open.push(log);
    await written(log, 1);
    for (const attempt of [1, 2])
      expect([attempt, expectLeft(await withLocalCopy(log, { file, now: AT }))]).toMatchObject([
        attempt,
        { code: 'CannotOpen', message: expect.stringContaining(file) },
      ]);
  });
});
