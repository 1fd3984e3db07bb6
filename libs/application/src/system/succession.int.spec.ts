import { closeSync, existsSync, mkdirSync, openSync, readdirSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type EventStore, takeWriterLock } from '@afecto/event-store';
import { build, ProjectionEngine } from '@afecto/projections';
import { openSqliteReadModels, presentFile, type ReadModels } from '@afecto/read-models';
import * as E from 'fp-ts/Either';
import { cloudEvent, givenAfecto, type GivenAfecto, onDay, order, right } from '../testing/given-afecto';
import { type Afecto, openAfecto } from './open';
import { isOffered, offerSuccessor, prepareBeside } from './succession';
import { asOneBuilder, successorFile } from './successor';

let given: GivenAfecto;
beforeEach(() => {
  given = givenAfecto(200);
});
afterEach(() => given.remove());

const verdict = (days: number, partyId: string, score: number): object =>
  cloudEvent('SurveyAnswered', days, partyId, {
    surveyId: `s-${partyId}-${days}`,
    partyId,
    instrument: 'nps',
    score,
    scaleMin: 0,
    scaleMax: 10,
  });

const history = (from: number, to: number): ReadonlyArray<object> =>
  Array.from({ length: to - from }, (_, index) => from + index).flatMap((party) => [
    order(`o-${party}-1`, 10 + (party % 30), `p${party}`),
    order(`o-${party}-2`, 90 + (party % 30), `p${party}`),
    verdict(150, `p${party}`, party % 11),
  ]);

/** The projections have nothing to do, and all that was to be told is in the log and folded. */
const settled = async ({ store, projections, readModels }: Afecto): Promise<void> => {
  for (;;) {
    const head = await store.head();
    if ((await projections.waitFor(head, 10_000)) && (await readModels.outgoing(1)).length === 0)
      if ((await store.head()) === head) return;
    await nextTurn();
  }
};

const linesOf = async (readModels: ReadModels): Promise<ReadonlyArray<string>> => {
  const lines: string[] = [];
  for await (const line of readModels.dump('everything')) lines.push(line);
  return lines;
};

/** What a build from nothing makes of the log at the instant of the live rows. */
const rebuiltLines = async ({ store, readModels }: Afecto): Promise<ReadonlyArray<string>> => {
  const horizon = (await readModels.checkpoint())?.horizon ?? 0;
  const fresh = right(openSqliteReadModels(':memory:'));
  await build(store, fresh, { now: horizon });
  await (await ProjectionEngine.over(fresh, store)).advanceTo(horizon, await store.head());
  const lines = await linesOf(fresh);
  await fresh.close();
  return lines;
};

interface Told {
  readonly id: string;
  readonly type: string;
  readonly partyId: string;
  readonly zone: unknown;
  readonly supersedes: unknown;
}

const toldIn = async ({ store }: Afecto): Promise<ReadonlyArray<Told>> => {
  const told: Told[] = [];
  for await (const page of store.readAll({ streamPrefixes: ['derived-'] }))
    for (const { id, type, streamId, data, metadata } of page)
      told.push({
        id,
        type,
        partyId: streamId.slice('derived-'.length),
        zone: Object(data).zone,
        supersedes: metadata['supersedes'],
      });
  return told;
};

const switched = (): { readonly done: Promise<void>; readonly onSwitched: () => void } => {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { done: promise, onSwitched: resolve };
};

/** The rows as another program wrote them: its version, and another zone of some customers. */
const writtenByOtherRules = (file: string, parties: ReadonlyArray<string>): void => {
  const database = new DatabaseSync(presentFile(file));
  database.exec("UPDATE checkpoint SET version = 'other'");
  for (const party of parties)
    database
      .prepare(
        `UPDATE customer SET zone = 'affection', row = json_set(row, '$.zone', 'affection', '$.announced.zones',
           json(concat('[["affection",', ?, ',null]]'))) WHERE party_id = ?`,
      )
      .run(onDay(150), party);
  database.close();
};

describe('read models of other rules', () => {
  it('answer and are followed while their successor is built, and then it stands in their place', async () => {
    const before = await given.open();
    await given.accept(before, history(0, 40));
    await settled(before);
    const toldBefore = await toldIn(before);
    await before.close();
    writtenByOtherRules(given.settings.readModels, ['p1', 'p2']);

    const change = switched();
    const afecto = right(await openAfecto(given.settings, { onSwitched: change.onSwitched }));
    expect(afecto.projections.caughtUp() || (await afecto.projections.waitFor(1n, 5_000))).toBe(true);
    expect((await afecto.readModels.customer('p1'))?.zone).toBe('affection');
    await given.accept(afecto, history(40, 45));
    expect(await afecto.readModels.customer('p44')).not.toBeNull();
    await change.done;
    expect((await afecto.readModels.customer('p1'))?.zone).not.toBe('affection');
    await settled(afecto);
    expect(await linesOf(afecto.readModels)).toEqual(await rebuiltLines(afecto));

    const told = await toldIn(afecto);
    expect(new Set(told.map(({ id }) => id)).size).toBe(told.length);
    const fresh = told.slice(toldBefore.length);
    const corrected = fresh.filter(({ supersedes }) => Array.isArray(supersedes) && supersedes.length > 0);
    expect(new Set(corrected.map(({ partyId }) => partyId))).toEqual(new Set(['p1', 'p2']));
    const others = new Set(fresh.map(({ partyId }) => partyId));
    for (let party = 3; party < 40; party++) expect(others.has(`p${party}`)).toBe(false);
    await afecto.close();
    expect(readdirSync(dirname(given.settings.readModels)).filter((name) => name.includes('rebuild'))).toEqual([
      'afecto.rebuild.db.lock',
    ]);
  });

  // Both built in the same files, and each put the other's half-built ones in the place of the live ones.
  it('are left to whoever builds their successor now, and it is taken when it is offered', async () => {
    const before = await given.open();
    await given.accept(before, history(0, 3));
    await settled(before);
    await before.close();
    writtenByOtherRules(given.settings.readModels, ['p1']);
    const file = successorFile(given.settings.readModels);
    const builder = right(takeWriterLock(file, onDay(200)));

    const change = switched();
    const told = switched();
    const failures: string[] = [];
    const afecto = right(
      await openAfecto(given.settings, {
        onSwitched: change.onSwitched,
        onFailure: (message) => {
          failures.push(message);
          told.onSwitched();
        },
      }),
    );
    await told.done;
    expect(failures).toEqual([
      `The read models ${given.settings.readModels} are being rebuilt by process ${process.pid}; wait for its end.`,
    ]);
    expect(existsSync(file)).toBe(false);
    const prepared = right(await prepareBeside(given.settings, { signal: new AbortController().signal }));
    offerSuccessor(given.settings.readModels, prepared?.file ?? '');
    await change.done;
    expect((await afecto.readModels.customer('p1'))?.zone).not.toBe('affection');
    builder.release();
    await afecto.close();
  });

  // The comparison ended with the bare words of SQLite, with each try again: rows of other rules stayed for good.
  it.each(['contribution', 'customer'])('have a successor also when a page of %s is damaged', async (table) => {
    const before = await given.open();
    await given.accept(before, history(0, 3));
    await settled(before);
    await before.close();
    writtenByOtherRules(given.settings.readModels, ['p1']);
    const database = new DatabaseSync(presentFile(given.settings.readModels));
    const page = Number(database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').get(table)?.['rootpage']);
    database.close();
    const file = openSync(presentFile(given.settings.readModels), 'r+');
    writeSync(file, Buffer.alloc(4_096, 7), 0, 4_096, (page - 1) * 4_096);
    closeSync(file);

    const prepared = right(await prepareBeside(given.settings, { signal: new AbortController().signal }));
    expect(prepared).toMatchObject({ comparison: null });
    const successor = right(openSqliteReadModels(prepared?.file ?? ''));
    expect((await successor.customer('p1'))?.zone).not.toBe('affection');
    await successor.close();
  });

  it('that have no successor because nothing can be locked beside them are named', async () => {
    const { readModels } = given.settings;
    mkdirSync(`${successorFile(readModels)}.lock`);
    expect(await asOneBuilder(given.settings, () => Promise.resolve(E.right(null)))).toMatchObject(
      E.left({
        code: 'CannotOpen',
        message: expect.stringContaining(`The read models ${readModels} cannot be rebuilt`),
      }),
    );
  });
});

describe('a successor offered by another process', () => {
  it('is taken over while facts come in and queries are asked: none fails, nothing is lost or told twice', async () => {
    const changes: Array<ReturnType<typeof switched>> = [switched(), switched()];
    let switches = 0;
    const afecto = right(await openAfecto(given.settings, { onSwitched: () => changes[switches++]?.onSwitched() }));
    await given.accept(afecto, history(0, 60));
    const ended = new AbortController();
    let asked = 0;
    const asking = (async () => {
      while (!ended.signal.aborted) {
        let items = 0;
        for await (const page of afecto.readModels.items({})) {
          items += page.length;
          await nextTurn();
        }
        expect(items).toBeGreaterThan(0);
        expect((await afecto.readModels.customers({}, { limit: 100 })).length).toBeGreaterThanOrEqual(60);
        expect(await afecto.answers.profile('p1')).not.toBeNull();
        asked += 1;
        await nextTurn();
      }
    })();
    let party = 60;
    const sending = (async () => {
      while (!ended.signal.aborted) await given.accept(afecto, history(party, ++party));
    })();
    for (const { done } of changes) {
      const prepared = right(await prepareBeside(given.settings, { signal: ended.signal }));
      expect(prepared?.comparison).toMatchObject({ equal: true });
      offerSuccessor(given.settings.readModels, prepared?.file ?? '');
      await done;
    }
    ended.abort();
    await Promise.all([asking, sending]);
    expect(asked).toBeGreaterThan(2);
    await settled(afecto);
    expect(await linesOf(afecto.readModels)).toEqual(await rebuiltLines(afecto));
    const told = await toldIn(afecto);
    expect(new Set(told.map(({ id }) => id)).size).toBe(told.length);
    await afecto.close();
    const left = readdirSync(dirname(given.settings.readModels)).filter((name) => name.includes('read-models'));
    expect(left.toSorted()).toEqual([
      expect.stringMatching(/\.db\.[0-9a-f]{16}$/),
      expect.stringMatching(/\.present$/),
    ]);
  });

  /** Each try that failed left a connection open to a file that a later one renames. */
  it('that cannot be brought up to date now is let go of, and can be taken over later', async () => {
    const failures: string[] = [];
    const afecto = right(await openAfecto(given.settings, { onFailure: (message) => failures.push(message) }));
    await given.accept(afecto, history(0, 2));
    await settled(afecto);
    const prepared = right(await prepareBeside(given.settings, { signal: new AbortController().signal }));
    if (prepared === null) throw new Error('interrupted');
    await given.accept(afecto, history(2, 3));
    const { readAll } = afecto.store;
    const failing: EventStore['readAll'] = (query) => {
      if (query?.to !== undefined) throw new Error('the log cannot be read now');
      return readAll(query);
    };
    Object.assign(afecto.store, { readAll: failing });
    offerSuccessor(given.settings.readModels, prepared.file);
    while (isOffered(given.settings.readModels)) await nextTurn();
    expect(failures).toEqual(['the log cannot be read now']);
    expect(existsSync(prepared.file)).toBe(true);
    expect(existsSync(`${prepared.file}-wal`)).toBe(false);
    Object.assign(afecto.store, { readAll });
    offerSuccessor(given.settings.readModels, prepared.file);
    while (isOffered(given.settings.readModels)) await nextTurn();
    expect(existsSync(prepared.file)).toBe(false);
    await settled(afecto);
    expect(await linesOf(afecto.readModels)).toEqual(await rebuiltLines(afecto));
    await afecto.close();
  });

  it('of another log is refused, and the live ones stay', async () => {
    const other = givenAfecto(200);
    const stranger = await other.open();
    await other.accept(stranger, history(0, 3));
    await stranger.close();
    const failures: string[] = [];
    const afecto = right(await openAfecto(given.settings, { onFailure: (message) => failures.push(message) }));
    await given.accept(afecto, history(0, 2));
    const file = successorFile(given.settings.readModels);
    new DatabaseSync(presentFile(other.settings.readModels)).exec(`VACUUM INTO '${file}'`);
    offerSuccessor(given.settings.readModels, file);
    while (isOffered(given.settings.readModels)) await nextTurn();
    expect(failures.join()).toContain('they are of another log');
    expect((await afecto.readModels.customers({}, { limit: 10 })).length).toBe(2);
    expect(existsSync(file)).toBe(true);
    await afecto.close();
    other.remove();
  });
});
