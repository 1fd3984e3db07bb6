import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimIdOf, eventIdOf, notificationEventOf, notificationStreamOf } from '@afecto/domain';
import { type EventStore, openSqliteEventStore } from '@afecto/event-store';
import { openSqliteReadModels, type ReadModels } from '@afecto/read-models';
import * as E from 'fp-ts/Either';
import { sendOutgoing, startSender } from './sender';

const folder = mkdtempSync(join(tmpdir(), 'afecto-sender-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const right = <L, A>(either: E.Either<L, A>): A => {
  if (E.isLeft(either)) throw new Error(JSON.stringify(either.left));
  return either.right;
};

const outgoing = Array.from({ length: 1_200 }, (_, index) => {
  const partyId = `p${index % 7}`;
  const event = notificationEventOf({
    type: 'LoyaltyZoneChanged',
    partyId,
    key: partyId,
    at: index,
    cause: 'defection|',
    data: { zone: 'defection' },
    causedBy: [],
    configVersion: 0,
    known: [1],
    again: false,
    supersedes: [],
  });
  return { streamId: notificationStreamOf(partyId), event };
});

const checkpoint = {
  position: 0n,
  origin: null,
  last: null,
  horizon: 0,
  version: 'x',
  facts: 0,
  latestFactAt: 0,
  building: null,
};

/** Read models with all of it waiting, over an empty log. */
const given = async (name: string): Promise<{ readonly store: EventStore; readonly readModels: ReadModels }> => {
  const store = right(openSqliteEventStore({ file: join(folder, `${name}.db`), clock: () => 1 }));
  const readModels = right(openSqliteReadModels(join(folder, `${name}.read-models.db`)));
  await readModels.commit({
    checkpoint,
    facts: [],
    customers: [],
    removed: [],
    identifiers: [],
    referrals: [],
    everyoneDue: false,
    claims: new Map(),
    outgoing,
  });
  return { store, readModels };
};

const idsIn = async (store: EventStore): Promise<ReadonlyArray<string>> => {
  const ids: string[] = [];
  for await (const page of store.readAll()) ids.push(...page.map(({ id }) => id));
  return ids;
};

describe('what waits to be told', () => {
  it('goes into the log once, in order, and waits no longer', async () => {
    const { store, readModels } = await given('once');
    expect(await sendOutgoing(store, readModels)).toBe(outgoing.length);
    expect(await idsIn(store)).toEqual(outgoing.map(({ event }) => event.id));
    expect(await sendOutgoing(store, readModels)).toBe(0);
    await store.close();
    await readModels.close();
  });

  it('is there once also when the end came between the log and the outbox', async () => {
    const { store, readModels } = await given('crash');
    const forgetful: ReadModels = { ...readModels, sent: () => Promise.reject(new Error('killed here')) };
    await expect(sendOutgoing(store, forgetful)).rejects.toThrow('killed here');
    expect((await idsIn(store)).length).toBeGreaterThan(0);
    await sendOutgoing(store, readModels);
    expect(await idsIn(store)).toEqual(outgoing.map(({ event }) => event.id));
    await store.close();
    await readModels.close();
  });

  it('is told to all others when one of the streams was deleted for ever', async () => {
    const { store, readModels } = await given('deleted');
    const streamId = notificationStreamOf('p3');
    const tombstone = { id: eventIdOf('test', 'deletion'), type: '$streamDeleted', data: {}, metadata: {} };
    right(await store.append({ streamId, expectedRevision: 'any', events: [tombstone] }));
    expect(await sendOutgoing(store, readModels)).toBe(outgoing.length);
    const others = outgoing.filter((waiting) => waiting.streamId !== streamId);
    expect(await idsIn(store)).toEqual([tombstone.id, ...others.map(({ event }) => event.id)]);
    expect(await readModels.outgoing(1)).toEqual([]);
    await store.close();
    await readModels.close();
  });

  it('waits on when the store cannot take it', async () => {
    const { store, readModels } = await given('closed');
    await store.close();
    await expect(sendOutgoing(store, readModels)).rejects.toThrow('closed');
    expect(await readModels.outgoing(5_000)).toHaveLength(outgoing.length);
    await readModels.close();
  });

  // A sender that was stopped while it rested left what had come meanwhile to the next start.
  it('is told before a sender ends', async () => {
    const { store, readModels } = await given('ending');
    await startSender(store, readModels).stop();
    expect(await idsIn(store)).toHaveLength(outgoing.length);
    expect(await readModels.outgoing(1)).toEqual([]);
    await store.close();
    await readModels.close();
  });

  it('does not keep a sender from ending when the store cannot take it', async () => {
    const { store, readModels } = await given('ending without a store');
    await store.close();
    const failures: string[] = [];
    const sender = startSender(store, readModels, (message) => failures.push(message));
    await sender.stop();
    expect(failures.length).toBeLessThanOrEqual(1);
    expect(await readModels.outgoing(5_000)).toHaveLength(outgoing.length);
    await readModels.close();
  });

  it('the same change is the same claim, whatever is said about it', () => {
    const subject = { type: 'CustomerLost', partyId: 'p1', key: 'p1', at: 5, cause: 'lost' } as const;
    expect(claimIdOf(subject)).toBe(claimIdOf({ ...subject, partyId: 'p1' }));
    expect(claimIdOf(subject)).not.toBe(claimIdOf({ ...subject, at: 6 }));
  });
});
