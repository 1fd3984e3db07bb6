import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EventStore, openEventStoreDb } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { givenGateway, type TestGateway } from '../server/testing/given-gateway';

const folder = mkdtempSync(join(tmpdir(), 'afecto-id-index-'));
const indexFile = join(folder, 'ids.db');
const gateways: TestGateway[] = [];
const stores: EventStore[] = [];

const connect = async (gateway: TestGateway): Promise<EventStore> => {
  const opened = await openEventStoreDb({ url: gateway.url, indexFile });
  if (E.isLeft(opened)) throw new Error(opened.left.message);
  stores.push(opened.right);
  return opened.right;
};
const serve = async (): Promise<TestGateway> => {
  const gateway = await givenGateway();
  gateways.push(gateway);
  return gateway;
};
const write = async (store: EventStore, count: number): Promise<ReadonlyArray<string>> => {
  const events = Array.from({ length: count }, () => ({ id: randomUUID(), type: 'Indexed', data: null, metadata: {} }));
  const answer = await store.append({ streamId: `indexed-${randomUUID()}`, expectedRevision: 'noStream', events });
  if (E.isLeft(answer)) throw new Error(answer.left.code);
  return events.map(({ id }) => id);
};
const closeAll = async (): Promise<void> => {
  await Promise.all(stores.splice(0).map((store) => store.close()));
};

afterEach(async () => {
  await closeAll();
  await Promise.all(gateways.splice(0).map((gateway) => gateway.stop()));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('finding an event by its id on a server', () => {
  it('knows what others have written until the moment of asking, from one start to the next', async () => {
    const gateway = await serve();
    const ids = await write(await connect(gateway), 2_500);
    await closeAll();
    const first = await connect(gateway);
    for (const n of [0, 1_999, 2_000, 2_499]) expect(await first.findById(ids[n] ?? '')).toMatchObject({ revision: n });
    await closeAll();
    const size = statSync(indexFile).size;
    const [asking, writing] = [await connect(gateway), await connect(gateway)];
    for (let n = 0; n < 5; n++) {
      const [id] = await write(writing, 1);
      expect(await asking.findById(id ?? '')).toMatchObject({ id });
    }
    expect(await asking.findById(ids[7] ?? '')).toMatchObject({ revision: 7 });
    expect(statSync(indexFile).size).toBeLessThan(size + 65_536);
  });

  it.each([
    ['of another log', () => undefined],
    ['damaged', () => writeFileSync(indexFile, 'this is no index')],
    ['lost', () => rmSync(indexFile)],
  ])('makes an index that is %s anew', async (_, harm) => {
    const before = await serve();
    const old = await write(await connect(before), 3);
    expect(await stores[0]?.findById(old[0] ?? '')).not.toBeNull();
    await closeAll();
    expect(existsSync(indexFile)).toBe(true);
    harm();
    const store = await connect(await serve());
    const ids = await write(store, 3);
    expect(await store.findById(old[0] ?? '')).toBeNull();
    await closeAll();
    const again = await connect(gateways[1] ?? before);
    for (const id of ids) expect(await again.findById(id)).toMatchObject({ id });
  });
});

describe('a stream with more events than are remembered', () => {
  it('recognises repeats by the index', async () => {
    const store = await connect(await serve());
    const streamId = `long-${randomUUID()}`;
    const events = Array.from({ length: 20_500 }, (_, n) => ({
      id: randomUUID(),
      type: 'Long',
      data: n,
      metadata: {},
    }));
    for (let n = 0; n < events.length; n += 500) {
      const answer = await store.append({ streamId, expectedRevision: 'any', events: events.slice(n, n + 500) });
      expect(answer._tag).toBe('Right');
    }
    const repeat = events.slice(100, 103);
    for (const restarted of [false, true]) {
      const asked = restarted ? await connect(gateways[0] ?? (await serve())) : store;
      expect(await asked.append({ streamId, expectedRevision: 'any', events: repeat })).toMatchObject({
        right: { duplicate: true, events: [{ revision: 100 }, { revision: 101 }, { revision: 102 }] },
      });
      const changed = repeat.map((event, n) => (n === 1 ? { ...event, data: 'other' } : event));
      expect(await asked.append({ streamId, expectedRevision: 'any', events: changed })).toMatchObject({
        left: { code: 'EventIdConflict', eventId: repeat[1]?.id },
      });
    }
  });
});
