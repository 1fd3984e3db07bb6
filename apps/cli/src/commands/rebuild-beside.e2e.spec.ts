import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { isOffered } from '@afecto/application';
import { openSqliteEventStore, type StoredEvent, takeWriterLock } from '@afecto/event-store';
import { presentFile } from '@afecto/read-models';
import * as E from 'fp-ts/Either';
import { demoFacts, writeNdjson } from '../testing/given-facts';
import { describeStoreFile, givenLogs } from '../testing/given-logs';
import { givenProgram, type Running } from '../testing/given-program';

const program = givenProgram();
const logs = givenLogs(program);
afterAll(async () => {
  await logs.close();
  program.remove();
});

const READ_MODELS = 'live.read-models.db';
const LISTENING = /afecto listening on (http:\/\/\S+)/;
const SWITCHED = /other read models have taken the place of the live ones/;

const started = async (): Promise<{ readonly server: Running; readonly url: string }> => {
  const server = program.start([], {
    script: 'apps/server/src/main.ts',
    environment: {
      AFECTO_EVENT_STORE: await logs.urlOf('live'),
      AFECTO_READ_MODELS: READ_MODELS,
      AFECTO_QUARANTINE: 'live.quarantine.db',
      AFECTO_PORT: '0',
    },
  });
  const url = LISTENING.exec(await server.output(LISTENING))?.[1] ?? '';
  return { server, url };
};

const stopped = async ({ child, ended }: Running): Promise<void> => {
  child.kill('SIGTERM');
  expect(await ended).toMatchObject({ code: 0 });
};

const answer = async (...args: ReadonlyArray<string>) =>
  program.ask(['--store', await logs.urlOf('live'), '--read-models', READ_MODELS, '--json', ...args]);
const rebuilding = () => answer('rebuild');
const verified = () => answer('verify');

/** The rows as a program with other rules would have left them. */
const writtenByOtherRules = (): void => {
  const database = new DatabaseSync(presentFile(program.path(READ_MODELS)));
  database.exec("UPDATE checkpoint SET version = 'other'; UPDATE customer SET zone = 'affection'");
  database.close();
};

/** Asks for customers until told to stop; whatever is not answered with 200 is an error. */
const asking = (url: string): { readonly end: () => Promise<number> } => {
  const ended = new AbortController();
  const answered = (async () => {
    let answers = 0;
    while (!ended.signal.aborted) {
      for (const path of ['/v1/parties?limit=50', '/v1/queues', '/health/ready']) {
        const response = await fetch(`${url}${path}`);
        await response.text();
        if (response.status !== 200) throw new Error(`${path} answered ${response.status}`);
        answers += 1;
      }
    }
    return answers;
  })();
  return {
    end: () => {
      ended.abort();
      return answered;
    },
  };
};

describe('a rebuild while the server runs', () => {
  beforeAll(async () => {
    writeNdjson(program.path('facts.ndjson'), (await demoFacts(12)).facts);
    expect(await answer('import', 'facts.ndjson')).toMatchObject({ code: 0 });
  });

  it('is compared, taken over by the server without a pause, and leaves one generation', async () => {
    const { server, url } = await started();
    const questions = asking(url);
    const before = presentFile(program.path(READ_MODELS));
    const first = await rebuilding();
    expect(JSON.parse(first.stdout)).toMatchObject({ whileRunning: true, comparison: { equal: true } });
    expect(JSON.parse((await rebuilding()).stdout)).toMatchObject({ whileRunning: true, comparison: { equal: true } });
    expect(await questions.end()).toBeGreaterThan(2);
    expect(existsSync(before)).toBe(false);
    await stopped(server);
    expect(JSON.parse((await verified()).stdout)).toMatchObject({ ok: true });
  });

  it('happens by itself when the rows are of other rules: ready at once, then of ours', async () => {
    writtenByOtherRules();
    const { server, url } = await started();
    const questions = asking(url);
    await server.output(SWITCHED);
    expect(await questions.end()).toBeGreaterThanOrEqual(0);
    await stopped(server);
    expect(JSON.parse((await verified()).stdout)).toMatchObject({ ok: true });
  });

  it('that is killed at any moment leaves the live ones, and the next start goes on', async () => {
    writtenByOtherRules();
    for (const milliseconds of [0, 60, 140, 260]) {
      const { server } = await started();
      await pause(milliseconds);
      server.child.kill('SIGKILL');
      await server.ended;
    }
    const { server } = await started();
    const deadline = performance.now() + 30_000;
    const version = (): unknown => {
      const database = new DatabaseSync(presentFile(program.path(READ_MODELS)), { readOnly: true });
      const row = database.prepare('SELECT version FROM checkpoint').get();
      database.close();
      return row?.['version'];
    };
    while (version() === 'other' && performance.now() < deadline) await pause(20);
    expect(version()).not.toBe('other');
    await stopped(server);
    expect(JSON.parse((await verified()).stdout)).toMatchObject({ ok: true });
  });
});

describe('a rebuild while another one runs', () => {
  // Both would build in one file, and each would put the other's half-built one in the place of the live ones.
  it('names its process and does nothing', async () => {
    const lock = takeWriterLock(program.path('live.rebuild.db'), Date.now());
    if (E.isLeft(lock)) throw new Error(lock.left.message);
    const before = presentFile(program.path(READ_MODELS));
    const { code, stdout } = await rebuilding();
    lock.right.release();
    expect({ code, error: JSON.parse(stdout) }).toEqual({
      code: 2,
      error: { error: `The read models ${READ_MODELS} are being rebuilt by process ${process.pid}; wait for its end.` },
    });
    expect(presentFile(program.path(READ_MODELS))).toBe(before);
  });
});

describeStoreFile('a rebuild while a command has the log', () => {
  it('waits for its end, and is none that a server has taken over', async () => {
    const store = openSqliteEventStore({ file: program.path('live.db'), clock: Date.now });
    if (E.isLeft(store)) throw new Error(store.left.message);
    const rebuilt = rebuilding();
    while (!isOffered(program.path(READ_MODELS))) await pause(5);
    await store.right.close();
    expect(JSON.parse((await rebuilt).stdout)).toMatchObject({ whileRunning: false, comparison: { equal: true } });
  });
});

describe('read models of other rules, met by a command before any server', () => {
  /*
   * The command dropped them and built new ones, which count as told whatever they hold: what was still to be told
   * (a server that was killed) and what today's rules say otherwise reached no subscriber, ever. Which command the
   * operator ran first after an upgrade decided it.
   */
  it('hand over what they have still to tell and what is told otherwise now, as in a server', async () => {
    const partyId = 'demo-told';
    const waiting = '7d1f3d52-1f2b-5c58-9d3a-0d9b6c6f1c11';
    writeNdjson(program.path('told.ndjson'), [
      {
        specversion: '1.0',
        source: 'shop',
        id: 'told-1',
        type: 'PartyRegistered',
        time: '2017-01-05T09:00:00Z',
        data: { partyId, kind: 'person', displayName: 'Ana Ruiz', source: 'shop' },
      },
    ]);
    expect(await answer('import', 'told.ndjson')).toMatchObject({ code: 0 });
    writtenByOtherRules();
    const database = new DatabaseSync(presentFile(program.path(READ_MODELS)));
    database
      .prepare(
        `UPDATE customer SET row = json_set(row, '$.announced.zones', json('[["affection",1483606800000,null]]'))
         WHERE party_id = ?`,
      )
      .run(partyId);
    const event = { id: waiting, type: 'LoyaltyZoneChanged', data: {}, metadata: {} };
    database
      .prepare('INSERT INTO outgoing (id, stream_id, event) VALUES (?, ?, ?)')
      .run(waiting, 'derived-demo', JSON.stringify(event));
    database.close();

    expect(JSON.parse((await answer('profile', partyId)).stdout)).toMatchObject({ loyalty: { zone: 'unclassified' } });
    const told: StoredEvent[] = [];
    const log = openSqliteEventStore({ file: program.path('live.db'), clock: Date.now, readOnly: true });
    if (E.isLeft(log)) throw new Error(log.left.message);
    for await (const page of log.right.readAll({ streamPrefixes: ['derived-'] })) told.push(...page);
    await log.right.close();
    expect(told.map(({ id }) => id)).toContain(waiting);
    const ofIt = told.filter(({ streamId }) => streamId === `derived-${partyId}`);
    expect(ofIt.at(-1)?.metadata).toMatchObject({ supersedes: [expect.any(String)] });
    expect(JSON.parse((await verified()).stdout)).toMatchObject({ ok: true });
  });
});
