import * as E from 'fp-ts/Either';
import { isSignedBy, signCheckpoint, type SignedCheckpoint } from '../checkpoint/checkpoint';
import { CHECKPOINT_STREAM, CHECKPOINT_TYPE, keptCheckpoints, lastCheckpoint } from '../checkpoint/kept-checkpoints';
import { aKey, anEvent, expectRight, openLog, openTree, temporaryFolder, tickingClock } from '../testing/given-log';
import { Forger } from '../testing/tampering';
import { followLog } from '../tree/follow-log';
import { removeTree } from '../tree/tree-file';
import { type AuditOptions, keepAudit } from './keep-audit';

const folder = temporaryFolder();
afterAll(() => folder.remove());
const key = aKey(folder.path('key.pem'));
const HOUR = 3_600_000;
let serial = 0;

const given = () => {
  serial += 1;
  const [file, treeFile] = [folder.path(`${serial}.db`), folder.path(`${serial}.tree.db`)];
  const store = openLog(file, tickingClock());
  const append = async (count: number): Promise<void> => {
    const events = Array.from({ length: count }, () => anEvent());
    expectRight(await store.append({ streamId: 'notes', expectedRevision: 'any', events }));
  };
  let now = 0;
  const options = { store, treeFile, key, now: () => now, every: { events: 5, milliseconds: HOUR } };
  /** Keeps the audit until it has taken a checkpoint, or told a failure. */
  const until = (more: Partial<AuditOptions> = {}): Promise<SignedCheckpoint | string> =>
    new Promise((resolve) => {
      const audit = keepAudit({
        ...options,
        ...more,
        onCheckpoint: (signed) => void audit.stop().then(() => resolve(signed)),
        onFailure: (message) => void audit.stop().then(() => resolve(message)),
      });
    });
  return { file, treeFile, store, append, until, options, at: (instant: number) => (now = instant) };
};

const sizesIn = async (store: Parameters<typeof keptCheckpoints>[0]): Promise<ReadonlyArray<number>> =>
  (await keptCheckpoints(store)).map(({ signed }) => (E.isRight(signed) ? signed.right.checkpoint.size : -1));

describe('checkpoints', () => {
  it('are taken after so many events, signed, and kept in the log', async () => {
    const { store, append, until } = given();
    await append(7);
    const signed = await until();
    if (typeof signed === 'string') throw new Error(signed);
    expect(signed.checkpoint).toMatchObject({ size: 7, position: 7n, at: 0 });
    expect(isSignedBy(signed, key.publicKey)).toBe(true);
    expect(await sizesIn(store)).toEqual([7]);
    await store.close();
  });

  it('are taken after so much time, and not for their own sake', async () => {
    const { store, append, until, at, options } = given();
    await append(1);
    const audit = keepAudit(options);
    at(HOUR);
    await audit.stop();
    expect(await sizesIn(store)).toEqual([1]);
    at(3 * HOUR);
    await keepAudit(options).stop();
    expect(await sizesIn(store)).toEqual([1]);
    await append(1);
    expect(await until()).toMatchObject({ checkpoint: { size: 3, at: 3 * HOUR } });
    await store.close();
  });

  it('of the same size and root are kept once, whoever takes them', async () => {
    const { store, append, options, treeFile } = given();
    await append(2);
    const other = { ...options, key: aKey(folder.path('other.pem')), treeFile: `${treeFile}.other` };
    await Promise.all([keepAudit(options).stop(), keepAudit(other).stop()]);
    const [first = -1, ...rest] = await sizesIn(store);
    // The slower one may see the checkpoint of the faster one, which is then an event more.
    expect({ first, rest: rest.filter((size) => size === first) }).toEqual({ first: 2, rest: [] });
    await store.close();
  });

  it('are not taken of a log that has lost what the tree knows, and the failure is told', async () => {
    const { store, file, treeFile, append, until } = given();
    await append(9);
    const tree = openTree(treeFile);
    await followLog(store, tree);
    tree.close();
    await store.close();
    const forger = new Forger(file);
    forger.apply({ kind: 'truncated', event: 5, other: 0, isCareful: true });
    forger.close();
    const shorter = openLog(file);
    expect(await until({ store: shorter })).toMatch(/the log does not have, at position 9, .* see afecto verify/);
    expect(await sizesIn(shorter)).toEqual([]);
    await shorter.close();
  });

  it('go on, and it is told, when somebody else has written events into their stream', async () => {
    const { store, append, options } = given();
    await append(3);
    await keepAudit(options).stop();
    const [{ eventId } = { eventId: '' }] = await keptCheckpoints(store);
    const ours = expectRight(
      await lastCheckpoint(store, key.publicKey).then(({ newest }) => E.fromNullable('none')(newest)),
    );
    // Larger than the log, and signed: with a key of its writer's own, or with nothing that holds.
    const other = aKey(folder.path('foreign.pem'));
    const forged = { ...ours.signed.checkpoint, size: 999_999 };
    const notes = [
      { note: signCheckpoint(forged, other), publicKey: other.publicKey.pem },
      { note: ours.signed.note.replace('\n3\n', '\n999999\n'), publicKey: ours.publicKey },
      { note: 'garbage' },
    ];
    const events = notes.map((data) => anEvent({ type: CHECKPOINT_TYPE, data }));
    expectRight(await store.append({ streamId: CHECKPOINT_STREAM, expectedRevision: 'any', events }));
    expect((await lastCheckpoint(store, key.publicKey)).newest?.eventId).toBe(eventId);
    const told: string[] = [];
    const signed = await new Promise<number>((resolve) => {
      const audit = keepAudit({
        ...options,
        every: { events: 1, milliseconds: HOUR },
        onFailure: (message) => void told.push(message),
        onCheckpoint: ({ checkpoint }) => void audit.stop().then(() => resolve(checkpoint.size)),
      });
    });
    expect(signed).toBe(7);
    expect(told).toEqual([
      expect.stringMatching(
        new RegExp(`^event ${events[2]?.id} at position 7 of afecto-checkpoints and 2 before it are passed over`),
      ),
    ]);
    await store.close();
  });

  it('are not taken of a log that contradicts the one before', async () => {
    const { store, file, treeFile, append, until } = given();
    await append(9);
    await until();
    await store.close();
    const forger = new Forger(file);
    forger.apply({ kind: 'back-dated', event: 3, other: 0, isCareful: true });
    forger.close();
    removeTree(treeFile);
    const rewritten = openLog(file, tickingClock(Date.UTC(2026, 0, 1)));
    const events = Array.from({ length: 5 }, () => anEvent());
    expectRight(await rewritten.append({ streamId: 'more', expectedRevision: 'noStream', events }));
    expect(await until({ store: rewritten })).toMatch(/the first 9 events are not those of the checkpoint/);
    expect(await sizesIn(rewritten)).toEqual([9]);
    await rewritten.close();
  });

  it('end with the process that takes them, also when the log does not answer', async () => {
    const { store, append, options, at } = given();
    await append(1);
    const silent: typeof store = {
      ...store,
      readRecords: async function* () {
        await new Promise(() => undefined);
        yield [];
      },
    };
    const told: string[] = [];
    const audit = keepAudit({ ...options, store: silent, lastMs: 50, onFailure: (message) => void told.push(message) });
    at(HOUR);
    await audit.stop();
    expect(told).toEqual([expect.stringMatching(/^no last checkpoint was taken: the event store has not answered/)]);
    expect(await sizesIn(store)).toEqual([]);
    await store.close();
  });

  it('go on where a former process has stopped, with the tree where it was', async () => {
    const { store, append, options, treeFile } = given();
    await append(3);
    await keepAudit(options).stop();
    await append(2);
    await keepAudit(options).stop();
    expect(await sizesIn(store)).toEqual([3, 6]);
    const tree = openTree(treeFile);
    expect(tree.size).toBe(6);
    await followLog(store, tree);
    expect([tree.size, tree.indexOf(7n), tree.positionOf(0)]).toEqual([7, 6, 1n]);
    tree.close();
    for await (const page of store.readStream(CHECKPOINT_STREAM)) expect(page).toHaveLength(2);
    await store.close();
  });
});
