import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { compileStore } from '../testing/compile-child';
import { AT, collect, expectLeft, expectRight, openStore, temporaryFolder } from '../testing/given-store';
import { openSqliteEventStore } from './open-sqlite-event-store';
import { verifySqliteEventStore } from './verify-sqlite-event-store';

const folder = temporaryFolder();
afterAll(folder.remove);

/** Sixteen callers append three events at a time for ever; each answer is reported at once. */
const writer = `
const { randomUUID } = require('node:crypto');
const { writeSync } = require('node:fs');
const { openSqliteEventStore } = require(process.argv[2]);
const opened = openSqliteEventStore({ file: process.argv[3], clock: Date.now });
if (opened._tag === 'Left') { writeSync(1, JSON.stringify(opened.left) + '\\n'); process.exit(3); }
const event = () => ({ id: randomUUID(), type: 'OrderPlaced', data: { text: 'x'.repeat(500) }, metadata: {} });
const caller = async (n) => {
  for (;;) {
    const answer = await opened.right.append({ streamId: 'order-' + n, expectedRevision: 'any', events: [event(), event(), event()] });
    for (const { id, position } of answer.right.events) writeSync(1, id + ' ' + position + '\\n');
  }
};
for (let n = 0; n < 16; n++) caller(n);
`;

const startWriter = (file: string): ChildProcess => {
  const script = join(folder.path, 'writer.js');
  writeFileSync(script, writer);
  return spawn(process.execPath, [script, compiled.entry, file], {
    env: { ...process.env, ...compiled.environment, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
};

/** Every line the child has written until it was killed after `enough` lines. */
const linesUntilKilled = async (
  child: ChildProcess,
  enough: number,
  atEnough: () => void,
): Promise<ReadonlyArray<string>> => {
  const lines: string[] = [];
  if (child.stdout === null) throw new Error('The child has no output');
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (lines.length !== enough) continue;
    atEnough();
    child.kill('SIGKILL');
  }
  return lines;
};

const compiled = compileStore(join(folder.path, 'compiled'));

describe('a writer that is killed', () => {
  it('loses no acknowledged event, leaves no half append, and the next writer opens without cleaning', async () => {
    const file = join(folder.path, 'killed.db');
    const acknowledged: string[] = [];
    for (let kill = 0; kill < 4; kill++) {
      const child = startWriter(file);
      const lines = await linesUntilKilled(child, 300 + kill * 137, () => {
        expect(expectLeft(openSqliteEventStore({ file, clock: () => AT }))).toMatchObject({
          code: 'StoreHeld',
          holder: { pid: child.pid },
        });
      });
      acknowledged.push(...lines.filter((line) => /^[0-9a-f-]{36} \d+$/.test(line)));

      const store = openStore(file);
      const events = await collect(store.readAll());
      expect(events.map(({ position }) => position)).toEqual(events.map((_, n) => BigInt(n + 1)));
      const found = new Set(events.map(({ id, position }) => `${id} ${position}`));
      expect(acknowledged.filter((line) => !found.has(line))).toEqual([]);
      const sizes = Object.values(Object.groupBy(events, ({ streamId }) => streamId)).map(
        (stream) => stream?.length ?? 0,
      );
      expect(sizes.filter((size) => size % 3 !== 0)).toEqual([]);
      await store.close();
      expect(expectRight(verifySqliteEventStore(file)).events).toBe(events.length);
    }
    expect(acknowledged.length).toBeGreaterThan(1_200);
  });

  it('in another process refuses with the name of the holder', async () => {
    const file = join(folder.path, 'held.db');
    const store = openStore(file);
    const [line] = await linesUntilKilled(startWriter(file), Infinity, () => undefined);
    expect(JSON.parse(line ?? '')).toMatchObject({ code: 'StoreHeld', holder: { pid: process.pid } });
    await store.close();
  });
});
