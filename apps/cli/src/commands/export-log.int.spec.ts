import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EncodedEvent, type EncodedRecord, openSqliteEventStore } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { OutputFile } from '../export/output-file';
import type { CommandSettings } from '../settings';
import { exportKept } from './export-log';
import { exportParquet } from './export-parquet';
import { restoreExport } from './restore-export';

const folder = mkdtempSync(join(tmpdir(), 'afecto-export-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = (name: string): string => join(folder, name);
const left = (): ReadonlyArray<string> => readdirSync(folder).filter((name) => /\.part$|\.restoring/.test(name));

const AT = Date.UTC(2025, 2, 1, 12);
const settingsOf = (name: string): CommandSettings => ({
  eventStore: `sqlite:${path(`${name}.db`)}`,
  readModels: path(`${name}.read-models.db`),
  quarantine: path(`${name}.quarantine.db`),
  now: () => AT,
  json: true,
});
const never = new AbortController().signal;

let serial = 0;
const anEvent = (given: Partial<EncodedEvent> = {}): EncodedEvent => ({
  id: `00000000-0000-4000-8000-${String((serial += 1)).padStart(12, '0')}`,
  type: 'Noted',
  isJson: true,
  data: Buffer.from('{"a":1}'),
  metadata: Buffer.from('{}'),
  ...given,
});
/** A log as a client of another protocol may have written it. */
const givenLog = async (
  name: string,
  events: ReadonlyArray<readonly [stream: string, event: EncodedEvent]>,
): Promise<void> => {
  const opened = openSqliteEventStore({ file: path(`${name}.db`), clock: () => AT });
  if (E.isLeft(opened)) throw new Error(opened.left.message);
  const appends = events.map(([streamId, event]) => ({ streamId, events: [event] }));
  const outcome = await opened.right.encoded.append(() => E.right({ appends, answer: () => null }));
  expect(outcome).toMatchObject({ _tag: 'Right' });
  await opened.right.close();
};
const allIn = async (name: string): Promise<ReadonlyArray<EncodedRecord>> => {
  const opened = openSqliteEventStore({ file: path(`${name}.db`), clock: () => AT, readOnly: true });
  if (E.isLeft(opened)) throw new Error(opened.left.message);
  const { events } = opened.right.encoded.page({ direction: 'forwards', after: 0n, limit: 1_000 });
  await opened.right.close();
  return events;
};

const PYTHON = spawnSync('python3', ['--version']).status === 0;
const SCRIPT = join(__dirname, '../../../../docs/verify_export.py');
/** What the script says of the export. */
const checked = (name: string): string => {
  const { status, stdout } = spawnSync('python3', [SCRIPT, name], { cwd: folder, encoding: 'utf8' });
  expect(status).toBe(stdout.startsWith('holds') ? 0 : 1);
  return stdout.trim();
};
/** A manifest that names the file as it is now. */
const signedAnew = (manifest: string, events: string): string =>
  manifest.replace(/"sha256": "\w+"/, `"sha256": "${createHash('sha256').update(events).digest('hex')}"`);

describe('a log that others have written to', () => {
  it('is exported and imported whole: bytes that are no JSON, other forms of JSON, bookkeeping of a server', async () => {
    await givenLog('other', [
      ['notes', anEvent()],
      ['$$notes', anEvent({ type: '$metadata', data: Buffer.from('{"$maxCount":5}'), metadata: Buffer.alloc(0) })],
      ['notes', anEvent({ isJson: false, data: Buffer.from([0, 255, 10]), metadata: Buffer.from([7]) })],
      ['notes', anEvent({ data: Buffer.from('{ "a":\n1.0 }'), metadata: Buffer.from('{ "b" : 1 }') })],
      ['notes', anEvent({ metadata: Buffer.alloc(0) })],
      ...[
        '{"recordedAt":"2025-01-01T00:00:00.001Z"}',
        '{"b":1,"recordedAt":"2025-01-01T00:00:00.000Z"}',
        '{"recordedAt":"2025-02-31T00:00:00.000Z"}',
      ].map((metadata) => ['copied', anEvent({ metadata: Buffer.from(metadata) })] as const),
    ]);
    expect(await exportKept(settingsOf('other'), { folder: path('other'), signal: never })).toMatchObject({
      exitCode: 0,
    });
    expect(readFileSync(path('other/manifest.json'), 'utf8')).toContain('"size": 7');
    expect(await restoreExport(settingsOf('same'), { folder: path('other'), signal: never })).toMatchObject({
      exitCode: 0,
    });
    expect(await allIn('same')).toEqual(await allIn('other'));
  });

  if (PYTHON)
    it('is checked by the script in another language, which finds every change', async () => {
      expect(checked('other')).toBe('holds  other');
      const line = readFileSync(path('other/events.ndjson'), 'utf8')
        .split('\n')
        .findIndex((text) => text.includes('"afectoindex":"3"'));
      const changes: ReadonlyArray<
        readonly [string, (text: string) => string, (manifest: string, events: string) => string, string]
      > = [
        ['bytes', (text) => text.replace('"a":1', '"a":2'), (manifest) => manifest, 'is not the file'],
        ['leaf', (text) => text.replace('"a":1', '"a":2'), signedAnew, 'line 1 has not the leaf'],
        [
          'line',
          (text) => text.split('\n').toSpliced(line, 1).join('\n'),
          signedAnew,
          '7 events, and the manifest says 8',
        ],
        ['order', (text) => text.replace('"afectoindex":"3"', '"afectoindex":"1"'), signedAnew, 'out of order'],
        ['root', (text) => text, (manifest) => manifest.replace(/"root": "../, '"root": "AA'), 'do not give the root'],
      ];
      for (const [name, changeEvents, changeManifest, told] of changes) {
        mkdirSync(path(name));
        const events = changeEvents(readFileSync(path('other/events.ndjson'), 'utf8'));
        writeFileSync(path(`${name}/events.ndjson`), events);
        writeFileSync(
          path(`${name}/manifest.json`),
          changeManifest(readFileSync(path('other/manifest.json'), 'utf8'), events),
        );
        expect(checked(name)).toMatch(new RegExp(`^FAILS  ${name}: .*${told}`));
      }
    });

  it('is empty, and stays so', async () => {
    await givenLog('empty', []);
    expect(await exportKept(settingsOf('empty'), { folder: path('empty'), signal: never })).toMatchObject({
      exitCode: 0,
    });
    expect(await restoreExport(settingsOf('as-empty'), { folder: path('empty'), signal: never })).toMatchObject({
      exitCode: 0,
    });
    expect(await allIn('as-empty')).toEqual([]);
  });

  it('is not exported as long as a personal field lies in it in clear', async () => {
    const data = { partyId: 'ana', kind: 'person', displayName: 'Ana Quintanilla', source: 'shop' };
    const metadata = {
      occurredAt: '2025-03-01T10:00:00.000Z',
      subjects: ['ana'],
      schemaVersion: 1,
      source: 'shop',
      id: '1',
      actor: { kind: 'system', id: 'x' },
    };
    await givenLog('clear', [
      [
        'party-ana',
        anEvent({
          type: 'PartyRegistered',
          data: Buffer.from(JSON.stringify(data)),
          metadata: Buffer.from(JSON.stringify(metadata)),
        }),
      ],
    ]);
    const outcome = await exportKept(settingsOf('clear'), { folder: path('clear'), signal: never });
    expect(outcome).toMatchObject({
      exitCode: 1,
      error: expect.stringContaining('at position 1 has a personal field in clear (/displayName)') as unknown,
    });
    expect(outcome.error).not.toContain('Quintanilla');
    expect([existsSync(path('clear')), left()]).toEqual([false, []]);
  });
});

describe('a log on a server', () => {
  it('takes no export, because it gives positions itself', async () => {
    const server = { ...settingsOf('server'), eventStore: 'esdb://127.0.0.1:1?tls=false' };
    expect(await restoreExport(server, { folder: path('other'), signal: never })).toMatchObject({
      exitCode: 2,
      error: expect.stringContaining('afecto copy') as unknown,
    });
  });
});

describe('an interruption', () => {
  const interrupted = AbortSignal.abort();
  it('of an export leaves nothing', async () => {
    expect(await exportKept(settingsOf('other'), { folder: path('half'), signal: interrupted })).toMatchObject({
      exitCode: 130,
    });
    expect(await exportParquet(settingsOf('other'), { file: path('half.parquet'), signal: interrupted })).toMatchObject(
      { exitCode: 130 },
    );
    expect([existsSync(path('half')), existsSync(path('half.parquet')), left()]).toEqual([false, false, []]);
  });

  it('of an import leaves nothing', async () => {
    expect(await restoreExport(settingsOf('stopped'), { folder: path('other'), signal: interrupted })).toMatchObject({
      exitCode: 130,
    });
    expect([existsSync(path('stopped.db')), left()]).toEqual([false, []]);
    expect(await restoreExport(settingsOf('stopped'), { folder: path('other'), signal: never })).toMatchObject({
      exitCode: 0,
    });
  });
});

describe('a file of an export', () => {
  // What is not complete lay under this name, whoever had it.
  it('takes the place of nothing that is called like it and .part', async () => {
    mkdirSync(path('mine.part'));
    writeFileSync(path('mine.part/kept'), '');
    writeFileSync(path('mine.parquet.part'), 'kept');
    const made = await exportKept(settingsOf('other'), { folder: path('mine'), signal: never });
    expect(made.exitCode).toBe(0);
    expect(readdirSync(path('mine'))).toEqual(['events.ndjson', 'manifest.json']);
    expect(readdirSync(path('mine.part'))).toEqual(['kept']);
    const file = path('mine.parquet');
    expect(await exportParquet(settingsOf('other'), { file, signal: never })).toMatchObject({ exitCode: 0 });
    expect(readFileSync(`${file}.part`, 'utf8')).toBe('kept');
    expect(left().toSorted()).toEqual(['mine.parquet.part', 'mine.part']);
  });

  it('that the disk does not take is named', async () => {
    const full = await OutputFile.create('/dev/full');
    await full.write(Buffer.from('x'));
    await expect(full.close()).rejects.toThrow('/dev/full cannot be written: ENOSPC');
    await full.abandon();
    await expect(OutputFile.create(path('none/file'))).rejects.toThrow('none/file cannot be written: ENOENT');
  });
});
