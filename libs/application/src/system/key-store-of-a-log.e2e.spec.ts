/**
 * A log on a server is written from several places. Without a name in it, a second process with read models
 * of its own made keys of its own, and sealed facts under them that nobody else could read.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeCloudEvent, toNewEvent } from '@afecto/domain';
import { type AppendRequest, openEventStoreDb } from '@afecto/event-store';
import { KEY_STORE_STREAM, KeyStore, sealed } from '@afecto/privacy';
import * as E from 'fp-ts/Either';
import { gatewayOver, type GatewayOver } from '../../../gateway/src/testing/gateway-process';
import { cloudEvent, factsIn, onDay, right } from '../testing/given-afecto';
import { registered } from '../testing/given-retention';
import { type Afecto, openAfecto, openIntakeOnly } from './open';
import { openStore } from './open-store';
import { keyFilesOf, type Settings } from './settings';

let folder: string;
let gateway: GatewayOver;
let eventStore: string;
const open: { close: () => Promise<void> }[] = [];
const opened = <Opened extends { close: () => Promise<void> }>(it: Opened): Opened => {
  open.push(it);
  return it;
};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'afecto-key-store-'));
  gateway = await gatewayOver(join(folder, 'log.db'));
  eventStore = `esdb://127.0.0.1:${gateway.port}?tls=false`;
});
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
  await gateway.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A process with read models of its own. */
const place = (name: string): Settings => {
  mkdirSync(join(folder, name), { recursive: true });
  const file = (what: string): string => join(folder, name, `afecto.${what}.db`);
  return { eventStore, readModels: file('read-models'), quarantine: file('quarantine'), now: () => onDay(40) };
};
const sharing = (name: string, of: Settings): Settings => {
  const { keyStore, masterKey } = keyFilesOf(of);
  return { ...place(name), keyStore, masterKey };
};
/** A fact as it is appended by whoever has opened the store. */
const appended = (event: object): AppendRequest => {
  const fact = right(decodeCloudEvent(event));
  return { streamId: fact.streamId, expectedRevision: 'any', events: [toNewEvent(fact)] };
};
const nameOf = async ({ answers }: Afecto): Promise<unknown> =>
  (await answers.profile('ana', { asOf: onDay(100) }))?.identity.displayName;
const names = async (): Promise<number> => {
  const store = right(await openEventStoreDb({ url: eventStore }));
  let events = 0;
  for await (const page of store.readStream(KEY_STORE_STREAM)) events += page.length;
  await store.close();
  return events;
};

describe('a log on a server', () => {
  it('is opened with the key store that it names, and with no other', async () => {
    const first = opened(right(await openAfecto(place('one'))));
    const { position } = right(await first.intake.accept([registered('ana', 'Ana Pérez')]));
    await first.projections.waitFor(position, 10_000);

    const other = place('two');
    const refused = await openAfecto(other);
    const theirs = keyFilesOf(other).keyStore;
    expect(refused).toMatchObject({ left: { code: 'OtherKeyStore' } });
    const message = E.isLeft(refused) ? refused.left.message : '';
    for (const part of [first.store.keys.id, theirs, 'AFECTO_KEY_STORE']) expect(message).toContain(part);
    expect(await openIntakeOnly(other)).toMatchObject({ left: { code: 'OtherKeyStore' } });
    const looking = opened(right(await openStore(other)));
    expect(await looking.append(appended(registered('bea', 'Bea')))).toMatchObject({ left: { code: 'StoreFailed' } });

    const second = opened(right(await openAfecto(sharing('three', place('one')))));
    expect(await nameOf(second)).toBe('Ana Pérez');
    expect(await names()).toBe(1);
  });

  it('lets one of two in that come first at the same moment', async () => {
    const both = await Promise.all(['one', 'two', 'three'].map((name) => openAfecto(place(name))));
    for (const each of both) if (E.isRight(each)) opened(each.right);
    expect(both.map((each) => (E.isLeft(each) ? each.left.code : 'open')).sort()).toEqual([
      'OtherKeyStore',
      'OtherKeyStore',
      'open',
    ]);
    expect(await names()).toBe(1);
  });

  it('takes nothing sealed from whoever only looked at it while it named none', async () => {
    const looking = opened(right(await openStore(place('one'))));
    expect(await names()).toBe(0);
    const first = opened(right(await openAfecto(place('two'))));
    expect(await looking.append(appended(registered('ana', 'Ana Pérez')))).toMatchObject({
      left: { code: 'StoreFailed', message: expect.stringContaining(first.store.keys.id) as unknown },
    });
    expect(looking.keys.ringOf('ana')).toBeNull();
    const delivery = { orderId: 'o1', deliveredAt: '2026-01-01T00:00:00Z', complete: true };
    const order = appended(cloudEvent('OrderFulfilled', 2, 'ana', delivery));
    expect(E.isRight(await looking.append(order))).toBe(true);
    expect(await factsIn(first.store)).toBe(1);
  });

  it('from before logs named theirs is named by the store that has its keys', async () => {
    const keys = right(KeyStore.open(keyFilesOf(place('one')), () => onDay(40)));
    const before = sealed(right(await openEventStoreDb({ url: eventStore })), keys);
    right(await before.append(appended(registered('ana', 'Ana Pérez'))));
    await before.close();
    expect(await openAfecto(place('two'))).toMatchObject({ left: { code: 'OtherKeyStore' } });
    expect(await names()).toBe(0);
    const first = opened(right(await openAfecto(place('one'))));
    expect(await nameOf(first)).toBe('Ana Pérez');
    expect(await names()).toBe(1);
  });
});
