import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteReadModels } from '@afecto/read-models';
import * as E from 'fp-ts/Either';
import { demoFacts, type GivenFacts, writeNdjson } from '../testing/given-facts';
import { describeStoreFile, givenLogs, isOnServer } from '../testing/given-logs';
import { givenProgram } from '../testing/given-program';

const program = givenProgram();
const logs = givenLogs(program);
afterAll(async () => {
  await logs.close();
  program.remove();
});

let given: GivenFacts;
const on = (store: string, ...args: ReadonlyArray<string>): Promise<ReadonlyArray<string>> =>
  logs.on(store, given.clock, ...args);
const answer = async (store: string, ...args: ReadonlyArray<string>): Promise<unknown> => {
  const { stdout, stderr, code } = await program.ask(await on(store, '--json', ...args));
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  return JSON.parse(stdout);
};

/** The log rests while it is copied; what is not in its file yet lies in the one beside it. */
const copyOf = (store: string, copy: string): void => {
  const names = ['db', 'db-wal', 'read-models.db', 'keys.db', 'keys.db-wal', 'master-key'];
  for (const name of names.map((ending) => `${store}.${ending}`))
    if (existsSync(program.path(name))) copyFileSync(program.path(name), program.path(name.replace(store, copy)));
};

/** Everything decided, a line each, without what depends on the order of arrival. */
const decisionsOf = async (store: string): Promise<ReadonlyArray<string>> => {
  const models = openSqliteReadModels(program.path(`${store}.read-models.db`));
  if (E.isLeft(models)) throw new Error(models.left.message);
  const lines: string[] = [];
  for await (const line of models.right.dump('decisions')) lines.push(line);
  await models.right.close();
  return lines;
};

beforeAll(async () => {
  given = await demoFacts(isOnServer ? 8 : 25);
  writeNdjson(program.path('facts.ndjson'), given.facts);
  expect((await program.ask(await on('shop', 'import', 'facts.ndjson'))).code).toBe(0);
  expect((await program.ask(await on('shop', 'review'))).code).toBe(0);
  // A fixed clock moves on with every command: only later is the review of the past in every copy.
  given = { ...given, clock: new Date(Date.parse(given.clock) + 60_000).toISOString() };
  expect((await program.ask(await on('shop', 'zones'))).code).toBe(0);
});

describe('afecto export', () => {
  it('and an import into an empty store give the same facts and the same decisions, in any order', async () => {
    expect(await answer('shop', 'export', 'out.ndjson')).toEqual({ facts: given.facts.length + 1, file: 'out.ndjson' });
    expect(readdirSync(program.folder).filter((name) => name.endsWith('.part'))).toEqual([]);
    const lines = readFileSync(program.path('out.ndjson'), 'utf8').trimEnd().split('\n');
    const backwards = lines.toReversed().map((line): unknown => JSON.parse(line));
    writeNdjson(program.path('backwards.ndjson'), backwards);
    expect(await answer('copy', 'import', 'out.ndjson')).toMatchObject({ accepted: lines.length, rejected: 0 });
    expect(await answer('backwards', 'import', 'backwards.ndjson')).toMatchObject({ accepted: lines.length });

    const decisions = await decisionsOf('shop');
    expect(decisions.length).toBeGreaterThan(isOnServer ? 30 : 100);
    expect(await decisionsOf('copy')).toEqual(decisions);
    expect(await decisionsOf('backwards')).toEqual(decisions);
    expect(await answer('copy', 'verify')).toMatchObject({ ok: true });
    expect(await answer('copy', 'import', 'backwards.ndjson')).toMatchObject({ accepted: 0, duplicates: lines.length });
  });

  it('to standard output is the same, and ends quietly when the reader leaves', async () => {
    await program.ask(await on('shop', 'export', 'file.ndjson'));
    const { stdout, stderr, code } = await program.run(await on('shop', 'export'));
    expect({ same: stdout === readFileSync(program.path('file.ndjson'), 'utf8'), stderr, code }).toEqual({
      same: true,
      stderr: '',
      code: 0,
    });
    const running = program.start(await on('shop', 'export'));
    running.child.stdout?.destroy();
    expect(await running.ended).toMatchObject({ code: 0, stderr: '' });
  });

  it('to a place that cannot be written says so and leaves nothing', async () => {
    const { code, stderr } = await program.ask(await on('shop', 'export', 'nowhere/out.ndjson'));
    expect(code).toBe(2);
    expect(stderr).toMatch(/^nowhere\/out\.ndjson cannot be written: ENOENT/);
    expect(stderr).not.toContain('    at ');
  });
});

describe('afecto replay', () => {
  it('--as-of shows the zones and queues of then, as the questions about the past do', async () => {
    const then = '2016-06-01T00:00:00Z';
    const replayed = await answer('shop', '--as-of', then, 'replay');
    expect(replayed).toMatchObject({
      asOf: '2016-06-01T00:00:00.000Z',
      zones: await answer('shop', '--as-of', then, 'zones'),
      queues: await answer('shop', '--as-of', then, 'queues'),
    });
  });

  it('--until takes the log up to a position, and --known-at up to an instant of recording', async () => {
    // On a server the first event names the key store.
    const facts = isOnServer ? 299 : 300;
    expect(await answer('shop', 'replay', '--until', '300')).toMatchObject({ position: '300', facts });
    const nothing = await answer('shop', '--known-at', '2010-01-01T00:00:00Z', 'replay');
    expect(nothing).toMatchObject({ facts: 0, zones: [] });
    const everything = await answer('shop', 'replay');
    expect(everything).toMatchObject({ facts: given.facts.length + 1, zones: await answer('shop', 'zones') });
    expect(await answer('shop', 'replay', '--until', '99999999')).toMatchObject({ facts: given.facts.length + 1 });
  });

  it('--known-at counts in a copy from when the first log recorded its events', async () => {
    const later = new Date(Date.parse(given.clock) + 86_400_000).toISOString();
    const [from, to] = [await logs.urlOf('shop'), await logs.urlOf('later')];
    expect((await program.ask(await logs.on('later', later, 'copy', '--from', from, '--to', to))).code).toBe(0);
    const known = await answer('later', '--known-at', given.clock, 'replay');
    expect(known).toMatchObject({ facts: given.facts.length + 1 });
  });

  it('tells a person, and refuses a position that is none', async () => {
    const { stdout, code } = await program.ask(await on('shop', 'replay'));
    expect({ code, head: stdout.split('\n')[0] }).toEqual({
      code: 0,
      head: expect.stringMatching(/^[\d,]+ facts replayed up to position [\d,]+ in \d+\.\d s; as of /),
    });
    const bad = await program.ask(await on('shop', 'replay', '--until', 'x'));
    expect(bad.code).toBe(2);
    expect(bad.stderr).toContain('must be a position of the log');
  });
});

describe('afecto rebuild', () => {
  it('makes what the live read models are, byte for byte, and leaves only them', async () => {
    copyOf('shop', 'rebuilt');
    const { stdout, code } = await program.ask(await on('rebuilt', 'rebuild'));
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /facts rebuilt in .* equal to the live ones, byte for byte: [\d,]+ rows, sha-256 [0-9a-f]{16}/,
    );
    expect(readdirSync(program.folder).filter((name) => name.startsWith('rebuilt.re'))).toEqual([
      expect.stringMatching(/^rebuilt\.read-models\.db\.[0-9a-f]{16}$/),
      'rebuilt.read-models.db.present',
      // Empty, and never removed: of two rebuilds each could hold another file of this name.
      'rebuilt.rebuild.db.lock',
    ]);
    expect(await answer('rebuilt', 'verify')).toMatchObject({ ok: true });
  });

  it('finds and mends read models that say something else', async () => {
    copyOf('shop', 'lying');
    const database = new DatabaseSync(program.path('lying.read-models.db'));
    database.exec("UPDATE customer SET zone = 'affection' WHERE zone <> 'affection'");
    database.close();
    const verified = await program.ask(await on('lying', 'verify'));
    expect(verified.code).toBe(1);
    expect(verified.stdout).toMatch(/^FAILED {2}read models: they differ from a replay in [\d,]+ rows;/m);
    const rebuilt = await program.ask(await on('lying', '--json', 'rebuild'));
    expect(rebuilt.code).toBe(1);
    expect(JSON.parse(rebuilt.stdout)).toMatchObject({ comparison: { equal: false } });
    expect(await answer('lying', 'verify')).toMatchObject({ ok: true });
  });

  it.each([
    ['PR09', true],
    ['PR10', false],
  ])(
    'compares the rows of one projection when it is asked to: sums that lie are none of %s: %s',
    async (code, equal) => {
      const store = `miscounting-${code}`;
      copyOf('shop', store);
      const database = new DatabaseSync(program.path(`${store}.read-models.db`));
      database.exec('UPDATE tally SET count = count + 1');
      database.close();
      const rebuilt = await program.ask(await on(store, '--json', 'rebuild', '--projection', code));
      expect(rebuilt.code).toBe(equal ? 0 : 1);
      expect(JSON.parse(rebuilt.stdout)).toMatchObject({ comparison: { equal } });
      expect(await answer(store, 'verify')).toMatchObject({ ok: true });
    },
  );

  it('of a projection that there is none of is refused by its name', async () => {
    const { code, stderr } = await program.ask(await on('shop', 'rebuild', '--projection', 'PR21'));
    expect(code).toBe(2);
    expect(stderr).toContain('Allowed choices are PR01, PR02, ');
  });

  it('that is interrupted leaves the live ones, and the next one goes on', async () => {
    copyOf('shop', 'stopped');
    const running = program.start(await on('stopped', 'rebuild'));
    while (!existsSync(program.path('stopped.rebuild.db')) && running.child.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 5));
    running.child.kill('SIGINT');
    expect(await running.ended).toMatchObject({
      code: 130,
      stderr: expect.stringContaining('the read models are as they were'),
    });
    expect(await answer('stopped', 'verify')).toMatchObject({ ok: true });
    expect(await answer('stopped', 'rebuild')).toMatchObject({ comparison: { equal: true } });
  });
});

describeStoreFile('afecto rebuild with read models elsewhere', () => {
  it('makes their folder', async () => {
    const elsewhere = ['--read-models', program.path('new/folder/read-models.db'), '--json', 'rebuild'];
    const { code, stdout } = await program.ask(await on('shop', ...elsewhere));
    expect({ code, rebuilt: JSON.parse(stdout) }).toMatchObject({ code: 0, rebuilt: { comparison: null } });
    expect(existsSync(program.path('new/folder/read-models.db.present'))).toBe(true);
  });
});

describe('afecto verify', () => {
  it('trusts nothing and says what it looked at', async () => {
    const { stdout, code } = await program.ask(await on('shop', 'verify'));
    expect(code).toBe(0);
    expect(stdout).toMatch(
      isOnServer
        ? /^ok {6}log file: the files are the server’s own/m
        : /^ok {6}log file: [\d,]+ events; every page, index and checksum is whole$/m,
    );
    expect(stdout).toMatch(/^ok {6}facts: [\d,]+ facts decode, [\d,]+ streams without gaps$/m);
    expect(stdout).toMatch(/^ok {6}read models: [\d,]+ rows equal to a replay byte for byte/m);
  });

  it('leaves a store without read models as it is', async () => {
    copyOf('shop', 'bare');
    rmSync(program.path('bare.read-models.db'));
    const { stdout, code } = await program.ask(await on('bare', 'verify'));
    expect(code).toBe(0);
    expect(stdout).toContain('read models: there are none; the next start builds them');
    expect(existsSync(program.path('bare.read-models.db'))).toBe(false);
  });
});

describeStoreFile('afecto verify of a file', () => {
  it.each([0.3, 0.6, 0.9])('finds one flipped byte at %f of the log', async (share) => {
    const name = `flipped-${share * 10}`;
    copyOf('shop', name);
    const file = program.path(`${name}.db`);
    const descriptor = openSync(file, 'r+');
    const byte = Buffer.alloc(1);
    // Inside the text of an event: free space between cells holds nothing that could be lost.
    let at = Math.floor(statSync(file).size * share);
    do readSync(descriptor, byte, 0, 1, (at += 1));
    while (!/[a-z]/.test(byte.toString('latin1')));
    writeSync(descriptor, Buffer.from([(byte[0] ?? 0) ^ 1]), 0, 1, at);
    closeSync(descriptor);
    const { code, stdout } = await program.ask(await on(name, '--json', 'verify'));
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      findings: [
        { check: 'log file', ok: false, detail: expect.stringContaining('damaged') },
        // Where the byte belongs to an event, that is named, or where reading ends; in an index, no event differs.
        {
          check: 'log',
          detail: expect.stringMatching(
            /^the first event that differs is number [\d,]+( \(|: it cannot be read)|in order in/,
          ),
        },
        { check: 'checkpoints', ok: true },
      ],
    });
  });

  it('tells by its exit code what it has found, also when the reader of its words has gone', async () => {
    copyOf('shop', 'cut');
    truncateSync(program.path('cut.db'), Math.floor(statSync(program.path('cut.db')).size / 2));
    const running = program.start(await on('cut', 'verify'));
    running.child.stdout?.destroy();
    expect(await running.ended).toMatchObject({ code: 1 });
  });
});
