import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type EncodedRecord, openSqliteEventStore } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { demoFacts, shopEvents, writeNdjson } from '../testing/given-facts';
import { givenLogs } from '../testing/given-logs';
import { type Ended, givenProgram } from '../testing/given-program';

const program = givenProgram();
const logs = givenLogs(program);
afterAll(async () => {
  await logs.close();
  program.remove();
});

const NAME = 'Ana Pérez Quintanilla';
const MAIL = 'Ana.Perez@example.org';
let clock = '';

const told = shopEvents('own-');
const timeOf = (hour: number): string => `2017-06-01T${String(hour).padStart(2, '0')}:00:00.000Z`;
const event = (type: string, hour: number, subject: string, data: object) =>
  told.event(type, timeOf(hour), subject, data);
const registered = (partyId: string, displayName: string) => told.registered(partyId, displayName, timeOf(1));
const order = (partyId: string, orderId: string, hour: number) =>
  event('OrderPlaced', hour, partyId, {
    orderId,
    partyId,
    channel: 'web',
    lines: [{ sku: 'tea', productLine: 'drinks', qty: 1, listMinor: 1_000, netMinor: 1_000 }],
    totalNetMinor: 1_000,
    currency: 'USD',
    appliedPreferenceIds: [],
  });

/** Bea refers Ana, Ana buys, and a second Ana is merged into the first. */
const ownFacts = [
  registered('ana', NAME),
  registered('ana-2', NAME),
  registered('bea', 'Bea Robles'),
  event('ReferralMade', 2, 'bea', {
    referralId: 'r1',
    referrerId: 'bea',
    referredId: 'ana',
    channel: 'web',
    contact: MAIL,
  }),
  order('ana', 'o1', 3),
  order('ana-2', 'o2', 4),
  order('bea', 'o3', 5),
  event('PartiesMerged', 6, 'ana', { survivorId: 'ana', absorbedId: 'ana-2', matchScore: 0.9, reason: 'same_person' }),
];

const shop = async (...args: ReadonlyArray<string>): Promise<Ended> =>
  program.ask(await logs.on('shop', clock, ...args));
/** A command on an embedded store of its own, which has the keys of the shop. */
const at = (name: string, ...args: ReadonlyArray<string>): Promise<Ended> => {
  for (const what of ['keys.db', 'master-key'])
    if (!existsSync(program.path(`${name}.${what}`)))
      copyFileSync(program.path(`shop.${what}`), program.path(`${name}.${what}`));
  return program.ask(['--store', `sqlite:${name}.db`, '--clock', clock, ...args]);
};
const answered = async (ended: Promise<Ended>): Promise<Record<string, unknown>> => {
  const { stdout, stderr, code } = await ended;
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  return JSON.parse(stdout) as Record<string, unknown>;
};
const recordsIn = async (name: string): Promise<ReadonlyArray<EncodedRecord>> => {
  const store = openSqliteEventStore({ file: program.path(`${name}.db`), clock: Date.now, readOnly: true });
  if (E.isLeft(store)) throw new Error(store.left.message);
  const records: EncodedRecord[] = [];
  for await (const page of store.right.readRecords()) records.push(...page);
  await store.right.close();
  return records;
};
const PYTHON = spawnSync('python3', ['--version']).status === 0;
/** What the script in another language says of the exports, a line each. */
const checked = (...names: ReadonlyArray<string>): ReadonlyArray<string> => {
  const script = join(__dirname, '../../../../docs/verify_export.py');
  const { stdout } = spawnSync('python3', [script, ...names], { cwd: program.folder, encoding: 'utf8' });
  return stdout.trim().split('\n');
};
const manifestIn = (folder: string): Record<string, unknown> =>
  JSON.parse(readFileSync(program.path(`${folder}/manifest.json`), 'utf8')) as Record<string, unknown>;
/** The row of `verify` that compares the read models with a replay: it has their hash. */
const readModelsOf = ({ findings }: Record<string, unknown>): unknown =>
  (findings as ReadonlyArray<{ readonly check: string }>).find(({ check }) => check === 'read models');
/** Who was shown whose personal data. */
const shown = (): string => {
  const file = program.path('shop.reads.ndjson');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
};
/** Everything but where the answer was asked. */
const profileOf = async (ended: Promise<Ended>): Promise<unknown> => {
  const { position: _, ...profile } = await answered(ended);
  return profile;
};

beforeAll(async () => {
  const given = await demoFacts(4);
  clock = given.clock;
  writeNdjson(program.path('facts.ndjson'), [...given.facts, ...ownFacts]);
  expect(await shop('import', 'facts.ndjson')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(' 0 refused') as unknown,
  });
  expect(await shop('review')).toMatchObject({ code: 0 });
  expect(await shop('checkpoint', '--out', 'then.txt')).toMatchObject({ code: 0 });
  // Behind every event, so that all read models are brought up to one instant.
  clock = new Date(Date.parse(clock) + 1_000).toISOString();
  expect(await shop('zones')).toMatchObject({ code: 0 });
  writeFileSync(program.path('values.txt'), `${NAME}\n${MAIL}\n`);
});

describe('a log that is exported as it is kept and imported', () => {
  it('is written sealed, with a manifest, and leaves nothing else', async () => {
    const before = shown();
    const told = await answered(shop('--json', 'export', '--log', 'whole'));
    expect(told).toMatchObject({ folder: 'whole', kind: 'log' });
    expect(readdirSync(program.path('whole')).toSorted()).toEqual(['events.ndjson', 'manifest.json']);
    expect(readdirSync(program.folder).filter((name) => name.endsWith('.part'))).toEqual([]);
    expect(readFileSync(program.path('whole/events.ndjson')).includes('Quintanilla')).toBe(false);
    // Nobody is shown anything: there is nothing to put on record.
    expect(shown()).toBe(before);
    expect(manifestIn('whole')).toMatchObject({ events: (await recordsIn('shop')).length });
  });

  it('has the same events at the same places, the same root and the same rows', async () => {
    const imported = await answered(at('again', '--json', 'import', 'whole'));
    expect(imported).toMatchObject({ target: expect.stringContaining('again.db') as unknown, kind: 'log' });
    expect(await recordsIn('again')).toEqual(await recordsIn('shop'));
    const [ours, theirs] = [
      await answered(shop('--json', 'verify')),
      await answered(at('again', '--json', 'verify', '--checkpoint', 'then.txt')),
    ];
    expect(theirs['log']).toEqual(ours['log']);
    expect(theirs['log']).toMatchObject({ root: (manifestIn('whole')['tree'] as { root: string }).root });
    expect(readModelsOf(theirs)).toEqual(readModelsOf(ours));
    expect(readModelsOf(theirs)).toMatchObject({ ok: true, detail: expect.stringContaining('sha-256') as unknown });
    const profile = await profileOf(shop('--json', 'profile', 'ana'));
    expect(await profileOf(at('again', '--json', 'profile', 'ana'))).toEqual(profile);
    expect(profile).toMatchObject({ identity: { displayName: NAME } });
  });

  it('can be exported again, and gives the same events', async () => {
    await answered(at('again', '--json', 'export', '--log', 'twice'));
    expect(readFileSync(program.path('twice/events.ndjson'))).toEqual(
      readFileSync(program.path('whole/events.ndjson')),
    );
  });

  it('is not imported where a log is, and not exported where something is', async () => {
    expect(await at('again', 'import', 'whole')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('has events already') as unknown,
    });
    expect(await shop('export', '--log', 'whole')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is not empty') as unknown,
    });
    expect(await shop('export', '--log', 'facts.ndjson/in')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('facts.ndjson/in cannot be written') as unknown,
    });
  });

  it('without its keys is imported, and says which are missing', async () => {
    const { code, stdout } = await program.ask(['--store', 'sqlite:sealed.db', '--clock', clock, 'import', 'whole']);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringContaining('sealed.keys.db is not here') as unknown,
    });
    expect(await program.ask(['--store', 'sqlite:sealed.db', 'verify'])).toMatchObject({ code: 0 });
  });

  it.each<readonly [string, (text: string) => string, RegExp]>([
    [
      'a digit',
      (text) => text.replace('"totalNetMinor":1000', '"totalNetMinor":9000'),
      /events\.ndjson, line \d+, afectoleaf: found/,
    ],
    [
      'a line less',
      (text) => text.replace(/^.*\n/, ''),
      /events\.ndjson, line 1, afectoindex: found "?1"?, expected 0/,
    ],
    ['its end', (text) => text.slice(0, -20), /events\.ndjson, line \d+: found a line that is cut off/],
    ['its last line', (text) => text.replace(/[^\n]*\n$/, ''), /events\.ndjson: found [\d]+ lines, expected/],
  ])('that lost or changed %s is refused, and there is nothing', async (_, change, told) => {
    mkdirSync(program.path('changed'), { recursive: true });
    copyFileSync(program.path('whole/manifest.json'), program.path('changed/manifest.json'));
    const text = readFileSync(program.path('whole/events.ndjson'), 'utf8');
    expect(change(text)).not.toBe(text);
    writeFileSync(program.path('changed/events.ndjson'), change(text));
    expect(await at('refused', 'import', 'changed')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(told) as unknown,
    });
    const left = readdirSync(program.folder).filter((name) => name.startsWith('refused.db') && !name.endsWith('.lock'));
    expect(left).toEqual([]);
  });

  it('is no export without its manifest, nor with that of another', async () => {
    rmSync(program.path('changed/manifest.json'));
    expect(await at('refused', 'import', 'changed', '--format', 'afecto-export')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('manifest.json: found no such file') as unknown,
    });
    writeFileSync(program.path('changed/manifest.json'), JSON.stringify({ ...manifestIn('whole'), version: 9 }));
    expect(await at('refused', 'import', 'changed')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('manifest.json, version: found 9, expected version 1') as unknown,
    });
  });
});

describe('one party that is exported and imported', () => {
  it.each(['ana', 'bea'])('has the same profile: %s', async (party) => {
    const told = await answered(shop('--json', 'export', '--log', `of-${party}`, '--party', party));
    expect(told).toMatchObject({ kind: 'party', party: { id: party } });
    const events = readFileSync(program.path(`of-${party}/events.ndjson`), 'utf8')
      .trim()
      .split('\n');
    expect(events.length).toBeLessThan((await recordsIn('shop')).length);
    await answered(at(`part-${party}`, '--json', 'import', `of-${party}`));
    const profile = await profileOf(shop('--json', 'profile', party));
    expect(await profileOf(at(`part-${party}`, '--json', 'profile', party))).toEqual(profile);
    const places = new Map((await recordsIn('shop')).map(({ position, id }) => [position, id]));
    for (const { position, id } of await recordsIn(`part-${party}`)) expect(places.get(position)).toBe(id);
  });

  // The events and their proof are genuine; what is claimed is whose they are.
  it('is refused under the name of another, also where it lies already', async () => {
    const others = [
      ['of-ana', { id: 'bea', members: ['bea'] }, /events\.ndjson, line \d+: found an event of another party/],
      ['of-bea', { id: 'ana', members: ['ana', 'ana-2'] }, /events\.ndjson, line \d+: found an event of another party/],
      [
        'of-ana',
        { id: 'ana', members: ['ana'] },
        /manifest\.json, party: found ana, expected ana, ana-2, by the merges/,
      ],
    ] as const;
    for (const [at, [folder, party]] of others.entries()) {
      cpSync(program.path(folder), program.path(`lie-${at}`), { recursive: true });
      writeFileSync(program.path(`lie-${at}/manifest.json`), JSON.stringify({ ...manifestIn(folder), party }));
    }
    for (const [lie, [, , told]] of others.entries())
      expect(await at('refused', 'import', `lie-${lie}`)).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(told) as unknown,
      });
    if (PYTHON)
      expect(checked('lie-0', 'lie-1', 'lie-2')).toEqual([
        expect.stringMatching(/^FAILS {2}lie-0: line \d+ is an event of another party than bea$/),
        expect.stringMatching(/^FAILS {2}lie-1: line \d+ is an event of another party than ana$/),
        expect.stringMatching(/^FAILS {2}lie-2: manifest\.json, party: found \['ana'\]/),
      ]);
    copyFileSync(program.path('part-ana.db'), program.path('lie.db'));
    const file = new DatabaseSync(program.path('lie.db'));
    file.exec(
      `UPDATE part SET description = json_set(description, '$.manifest.party', json('{"id":"bea","members":["bea"]}'))`,
    );
    file.close();
    expect(await at('lie', 'verify')).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(
        /^FAILED {2}log: .* does not fit the party of the part: found an event of another/m,
      ) as unknown,
    });
  });

  if (PYTHON)
    it('is checked by the script in another language, and so is the whole log', () => {
      const folders = ['whole', 'of-ana', 'of-bea'];
      expect(checked(...folders)).toEqual(folders.map((name) => `holds  ${name}`));
    });

  it('says what it proves, by the checkpoint that somebody has kept, and takes nothing', async () => {
    const { stdout, code } = await at('part-ana', 'verify', '--checkpoint', 'then.txt');
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('a part: ') as unknown });
    expect(stdout).toMatch(
      /log: a part: (\d+) events of ana, ana-2; \1 proved to be in the log of [\d,]+ events with root/,
    );
    expect(stdout).toMatch(/checkpoints: 2 checkpoints of .* with that root/);
    const copied = ['copy', '--from', 'sqlite:part-ana.db', '--to', 'sqlite:copy-of-part.db'];
    for (const command of [['review'], ['checkpoint'], ['export', '--log', 'part-of-part'], copied]) {
      const ended = await at('part-ana', ...command);
      expect(ended.code).toBeGreaterThan(0);
      expect(ended.stdout + ended.stderr).toContain('a part of a log');
    }
  });

  it('is refused when nothing is known of it', async () => {
    expect(await shop('export', '--log', 'nobody', '--party', 'nobody')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no event of party "nobody"') as unknown,
    });
    expect(existsSync(program.path('nobody'))).toBe(false);
    expect(await shop('export', '--party', 'ana')).toMatchObject({ code: 2 });
  });
});

describe('Parquet for analysts', () => {
  it('has a row for each event, typed, without personal fields', async () => {
    expect(await answered(shop('--json', 'export', 'log.parquet', '--format', 'parquet'))).toEqual({
      events: (await recordsIn('shop')).length,
      file: 'log.parquet',
    });
    expect(readdirSync(program.folder).filter((name) => name.endsWith('.part'))).toEqual([]);
    const file = await asyncBufferFromFile(program.path('log.parquet'));
    const { schema } = await parquetMetadataAsync(file);
    expect(schema.find(({ name }) => name === 'recorded_at')).toMatchObject({
      type: 'INT64',
      logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
    });
    const rows = await parquetReadObjects({ file });
    const records = await recordsIn('shop');
    expect(rows.map(({ position, id, type, stream, revision }) => ({ position, id, type, stream, revision }))).toEqual(
      records.map(({ position, id, type, streamId, revision }) => ({
        position,
        id,
        type,
        stream: streamId,
        revision: BigInt(revision),
      })),
    );
    expect(rows.map(({ recorded_at: recorded }) => Number(recorded))).toEqual(
      records.map(({ recordedAt }) => recordedAt),
    );
    const placed = rows.find(({ source_id: id }) => id === ownFacts[4]?.id);
    expect(placed).toMatchObject({
      is_fact: true,
      occurred_at: new Date('2017-06-01T03:00:00.000Z'),
      party: 'ana',
      subjects: ['ana'],
      source: 'shop',
      actor_kind: 'integration',
      channel: null,
    });
    expect(JSON.parse(String(placed?.['data']))).toMatchObject({ orderId: 'o1', totalNetMinor: 1_000 });
    const person = rows.find(({ source_id: id }) => id === ownFacts[0]?.id);
    expect(JSON.parse(String(person?.['data']))).toEqual({ partyId: 'ana', kind: 'person', source: 'shop' });
  });

  it('of one party has the rows about it', async () => {
    expect(
      await answered(shop('--json', 'export', 'ana.parquet', '--format', 'parquet', '--party', 'ana')),
    ).toMatchObject({ file: 'ana.parquet' });
    const rows = await parquetReadObjects({ file: await asyncBufferFromFile(program.path('ana.parquet')) });
    expect(rows.length).toBeGreaterThan(4);
    for (const { subjects } of rows)
      expect(['ana', 'ana-2'].some((id) => (subjects as string[]).includes(id))).toBe(true);
  });

  it('needs a file that can be written', async () => {
    expect(await shop('export', '--format', 'parquet')).toMatchObject({ code: 2 });
    expect(await shop('export', 'none/log.parquet', '--format', 'parquet')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('none/log.parquet') as unknown,
    });
  });
});

describe('somebody who is erased', () => {
  it('cannot be read in exports of before or after, whole or of one party', async () => {
    expect(
      await shop('privacy', 'erase', 'ana', '--evidence', 'passport', '--basis', 'request', '--waive', 'o1', 'o2'),
    ).toMatchObject({
      code: 0,
    });
    await answered(shop('--json', 'export', '--log', 'after'));
    const also = ['whole', 'after', 'of-ana', 'of-bea', 'log.parquet', 'ana.parquet'];
    expect(await shop('privacy', 'verify-erasure', 'ana', '--values', 'values.txt', '--also', ...also)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Erased.') as unknown,
    });
    // It does look into them: what is no secret in them is found.
    writeFileSync(program.path('sold.txt'), 'drinks\n');
    const sold = await shop(
      'privacy',
      'verify-erasure',
      'ana',
      '--values',
      'sold.txt',
      '--also',
      'whole',
      'log.parquet',
    );
    expect(sold.code).toBe(1);
    for (const file of ['events.ndjson', 'log.parquet']) expect(sold.stdout).toContain(`${file} at byte`);
    // What was recorded since the checkpoint is not proved by it, and verify says so.
    await answered(shop('--json', 'export', '--log', 'of-erased', '--party', 'ana'));
    await answered(at('part-erased', '--json', 'import', 'of-erased'));
    expect(await at('part-erased', 'verify', '--checkpoint', 'then.txt')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(
        /proved to be in the log of [\d,]+ events .*, [1-9]\d* recorded after it/,
      ) as unknown,
    });
    // What is imported from an export of before, with the keys of now, is erased too.
    for (const what of ['keys.db', 'master-key']) rmSync(program.path(`again.${what}`), { force: true });
    for (const name of readdirSync(program.folder)) if (name.startsWith('again.')) rmSync(program.path(name));
    await answered(at('again', '--json', 'import', 'whole'));
    expect(JSON.stringify(await answered(at('again', '--json', 'profile', 'ana')))).not.toContain('Quintanilla');
  });
});
