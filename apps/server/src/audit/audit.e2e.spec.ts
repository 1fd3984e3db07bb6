import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { isSignedBy, keptCheckpoints, readPublicKey, TreeFile } from '@afecto/audit';
import { type EventStore, openSqliteEventStore } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { compiledWorkspace, endsWithTheTest } from '../../../../libs/gateway/src/testing/gateway-process';
import { givenServer, type GivenServer, isOnServer, settingsIn, temporaryFolder } from '../testing/given-server';
import { startServer } from '../index';

const registered = (id: string): object => ({
  specversion: '1.0',
  source: 'shop',
  id,
  type: 'PartyRegistered',
  time: '2025-01-01T09:00:00Z',
  data: { partyId: id, kind: 'person', displayName: 'Ana', source: 'shop' },
});

const folders = new Set<string>();
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Every test ends its servers itself: what they do at their end is what is looked at. */
const given = async (...[overrides, folder]: Parameters<typeof givenServer>): Promise<GivenServer> => {
  const server = await givenServer(overrides, folder);
  folders.add(server.folder);
  return server;
};

/** The log when its server has stopped: with the log on a gateway that has stopped as well. */
const logIn = async <A>(folder: string, use: (store: EventStore) => Promise<A>): Promise<A> => {
  const store = openSqliteEventStore({ file: join(folder, 'log.db'), clock: Date.now, readOnly: true });
  if (E.isLeft(store)) throw new Error(store.left.message);
  try {
    return await use(store.right);
  } finally {
    await store.right.close();
  }
};

const sizesIn = (folder: string): Promise<ReadonlyArray<number>> =>
  logIn(folder, async (store) =>
    (await keptCheckpoints(store)).map(({ signed, publicKey }) => {
      const key = readPublicKey(publicKey, 'the log');
      return E.isRight(signed) && E.isRight(key) && isSignedBy(signed.right, key.right)
        ? signed.right.checkpoint.size
        : -1;
    }),
  );

describe('a server', () => {
  it('keeps a tree of the log, and leaves a signed checkpoint of all of it when it is stopped', async () => {
    const server = await given();
    await server.facts(registered('p1'), registered('p2'), registered('p3'));
    await server.close();
    const [size = 0, ...more] = await sizesIn(server.folder);
    expect(size).toBeGreaterThanOrEqual(3);
    expect(more).toEqual([]);
    const events = await logIn(server.folder, async (store) => {
      let count = 0;
      for await (const page of store.readAll()) count += page.length;
      return count;
    });
    expect(events).toBe(size + 1);
    const tree = TreeFile.open(join(server.folder, 'read-models.tree.db'), { readOnly: true });
    if (E.isLeft(tree)) throw new Error(tree.left.message);
    expect(tree.right.size).toBe(size);
    tree.right.close();
    const key = join(server.folder, isOnServer ? 'read-models.signing-key.pem' : 'log.signing-key.pem');
    expect(statSync(key).mode & 0o777).toBe(0o600);
    expect(readFileSync(key, 'utf8')).toContain('BEGIN PRIVATE KEY');
  });

  it('takes a checkpoint after so many events while it runs', async () => {
    const server = await given({ checkpoints: { events: 2, seconds: 3_600 } });
    await server.facts(registered('p1'), registered('p2'), registered('p3'));
    const deadline = performance.now() + 60_000;
    let sizes: ReadonlyArray<number> = [];
    while (sizes.length === 0 && performance.now() < deadline) {
      await pause(50);
      sizes = await sizesIn(server.folder);
    }
    await server.close();
    expect(sizes[0]).toBeGreaterThanOrEqual(2);
  });

  it('started and stopped without anything new leaves no further checkpoint', async () => {
    const folder = temporaryFolder();
    const first = await given({}, folder);
    await first.facts(registered('p1'));
    await first.close();
    // What the first one had still to tell about the customer is news.
    const second = await given({}, folder);
    await second.close();
    const before = await sizesIn(folder);
    const third = await given({}, folder);
    await third.close();
    expect(await sizesIn(folder)).toEqual(before);
    expect(before.length).toBeGreaterThanOrEqual(1);
  });

  it('with a signing key that is none does not start, and says which file it is', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'log.db');
    const server = await given({ eventStore: `sqlite:${file}` }, folder);
    await server.close();
    const document = join(folder, 'document.pem');
    writeFileSync(document, 'no key');
    await expect(startServer({ ...settingsIn(folder), signingKey: document })).rejects.toThrow(
      /AFECTO_SIGNING_KEY: the signing key .*document\.pem is no private key/,
    );
    expect(existsSync(file)).toBe(true);
  });

  it('as a process hashes in a thread beside it, and has signed everything when it ends', async () => {
    const folder = temporaryFolder();
    folders.add(folder);
    const { fileOf, environment } = compiledWorkspace();
    const child = endsWithTheTest(
      spawn(process.execPath, ['--disable-warning=ExperimentalWarning', fileOf('apps/server/src/main.ts')], {
        env: {
          PATH: process.env['PATH'],
          ...environment,
          AFECTO_PORT: '0',
          AFECTO_EVENT_STORE: `sqlite:${join(folder, 'log.db')}`,
          AFECTO_CHECKPOINT_EVENTS: '2',
        },
        stdio: ['ignore', 'pipe', 'inherit'],
      }),
    );
    const ended = once(child, 'exit');
    let url: string | undefined;
    for await (const line of createInterface({ input: child.stdout })) {
      url = /listening on (\S+)/.exec(line)?.[1];
      if (url !== undefined) break;
    }
    const sent = await fetch(`${url ?? ''}/v1/events`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/cloudevents-batch+json' },
      body: JSON.stringify([registered('p1'), registered('p2'), registered('p3')]),
    });
    expect(await sent.json()).toMatchObject({ accepted: 3 });
    while ((await sizesIn(folder)).length === 0 && child.exitCode === null) await pause(50);
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    const sizes = await sizesIn(folder);
    expect(sizes[0]).toBeGreaterThanOrEqual(2);
    const tree = TreeFile.open(join(folder, 'log.tree.db'), { readOnly: true });
    if (E.isLeft(tree)) throw new Error(tree.left.message);
    expect(tree.right.size).toBeGreaterThanOrEqual(sizes.at(-1) ?? 0);
    tree.right.close();
  });
});
