import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { factTypes, globalFactTypes } from '@afecto/domain';
import { type EncodedEvent, type EncodedRecord, openSqliteEventStore } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { OutputFile } from '../export/output-file';
import type { CommandSettings } from '../settings';
import { exportKept } from './export-log';
import { exportParquet } from './export-parquet';
import { restoreExport } from './restore-export';
import { checkFacts } from './verify-facts';

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
/** What the script says of the exports, a line each. */
const checked = (...names: ReadonlyArray<string>): ReadonlyArray<string> => {
  const { status, stdout } = spawnSync('python3', [SCRIPT, ...names], { cwd: folder, encoding: 'utf8' });
  const said = stdout.trim().split('\n');
  expect(status).toBe(said.every((line) => line.startsWith('holds')) ? 0 : 1);
  return said;
};
/** A manifest that names the file as it is now, as a careful forger would write it. */
const signedAnew = (manifest: string, events: string): string =>
  manifest
    .replace(/"sha256": "\w+"/, `"sha256": "${createHash('sha256').update(events).digest('hex')}"`)
    .replace(/"bytes": \d+/, `"bytes": ${Buffer.byteLength(events)}`);

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
    it('is checked by the script in another language, which names every change', () => {
      const base64 = (text: string): string => Buffer.from(text).toString('base64');
      /** Of the file of events; its manifest names it as it then is. */
      const inEvents: ReadonlyArray<readonly [from: string | RegExp, to: string, said: string]> = [
        ['"a":1', '"a":2', 'line 1: it has not the leaf that it names'],
        [/.*"afectoindex":"3".*\n/, '', 'line 5: afectoindex is out of order'],
        [/.*\n$/, '', '7 events, and the manifest says 8'],
        [/\n$/, '', 'line 8: it is cut off'],
        ['"afectoindex":"3"', '"afectoindex":"1"', 'line 5: afectoindex is out of order'],
        ['"afectoposition":"2"', '"afectoposition":"1"', 'line 2: afectoposition is out of order'],
        ['"source":"afecto"', '"source":"shop"', 'line 1: source is not what its event gives: "afecto"'],
        [/"time":"2025/, '"time":"2024', 'line 1: time is not what its event gives: "2025-03-01T12:00:00.000Z"'],
        ['"datacontenttype"', '"subject":"ana","datacontenttype"', 'line 1: subject is not what its event gives: null'],
        ['"specversion":"1.0"', '"specversion":"2.0"', 'line 1: specversion is not what its event gives: "1.0"'],
        ['"data":{"a":1}', `"data_base64":"${base64('{"a":1}')}"`, 'line 1: data is not what its event gives'],
        [
          '"data":{"a":1}',
          `"data_base64":"${base64('{"a":1}')}","data":{"a":9}`,
          'line 1: data_base64 is not what its event gives: null',
        ],
        ['"data":{"a":1}', '"data":{"a":1},"data":{"a":1}', "line 1: the member 'data' stands twice"],
        ['"data":{"a":1}', '"data":{"a":9,"a":1}', "line 1: the member 'a' stands twice"],
        ['"data":{"a":1}', '"data":{"a":1} ', 'line 1: it has not the leaf that it names'],
        ['"id":', ' "id":', 'line 1: it is not in the order and form of an export'],
        [
          '"afectometadata":"{}"',
          `"afectometadata64":"${base64('{}')}","afectometadata":"{9}"`,
          'line 1: afectometadata is not what its event gives',
        ],
        ['"type":"$metadata"', '"type":"OrderPlaced"', "line 2: afectostream: a fact in a stream of a server's own"],
      ];
      /** Of the manifest, whose events are what they were. */
      const inManifest: ReadonlyArray<readonly [from: string | RegExp, to: string, said: string]> = [
        [/"sha256": "../, '"sha256": "zz', 'events.ndjson is not the file that the manifest names'],
        [/"bytes": /, '"bytes": 1', 'events.ndjson has \\d+ bytes'],
        [/"root": "../, '"root": "AA', 'the events do not give the root of the manifest'],
        ['"size": 7', '"size": 6', 'manifest.json, tree: its leaves are not the first 6 of a tree'],
        ['"Noted": 7', '"Noted": 6', 'manifest.json, types: found'],
        ['"facts": 0', '"facts": 1', 'manifest.json, facts: found 1'],
        ['"streams": 3', '"streams": 2', 'manifest.json, streams: found 2'],
        ['"first": "1"', '"first": "0"', "manifest.json, first: found '0'"],
        ['"last": "8"', '"last": "9"', "manifest.json, last: found '9'"],
        ['"leaf": 1', '"leaf": 2', 'manifest.json, leaf: found 2'],
        ['"version": 1', '"version": 7', 'manifest.json, version: found 7'],
        [/"files": \[[^\]]*\]/, '"files": []', 'manifest.json, files: not those of its kind'],
        ['"kind"', '"more": 1, "kind"', 'manifest.json has other fields than those of an export'],
        ['"checkpoint": null', '"checkpoint": "afecto/x\\n9\\nAA==\\n"', 'the checkpoint is not of these events'],
      ];
      const events = readFileSync(path('other/events.ndjson'), 'utf8');
      const manifest = readFileSync(path('other/manifest.json'), 'utf8');
      const given = [
        ...inEvents.map(([from, to, said]) => {
          const changed = events.replace(from, to);
          return { events: changed, manifest: signedAnew(manifest, changed), said };
        }),
        ...inManifest.map(([from, to, said]) => ({ events, manifest: manifest.replace(from, to), said })),
      ];
      for (const [at, each] of given.entries()) {
        mkdirSync(path(`changed-${at}`));
        writeFileSync(path(`changed-${at}/events.ndjson`), each.events);
        writeFileSync(path(`changed-${at}/manifest.json`), each.manifest);
      }
      expect(checked('other', ...given.map((_, at) => `changed-${at}`))).toEqual([
        'holds  other',
        ...given.map(
          ({ said }, at) =>
            expect.stringMatching(new RegExp(`^FAILS  changed-${at}: ${said.replace('$', '\\$')}`)) as unknown,
        ),
      ]);
    });

  it('is checked by a script that knows every fact of the catalogue', () => {
    const [, known = ''] = /FACTS = """([^"]*)"""/.exec(readFileSync(SCRIPT, 'utf8')) ?? [];
    expect(known.split(/\s+/).filter((type) => type !== '')).toEqual(factTypes);
    const [, global = ''] = /ABOUT_NOBODY = (\[.*\])/.exec(readFileSync(SCRIPT, 'utf8')) ?? [];
    expect(JSON.parse(global)).toEqual([...globalFactTypes]);
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

describe("a fact in a stream of a server's own", () => {
  // The tree leaves out what begins with `$`, and the read models take every fact: what nobody signed would count.
  it('is found by verify, and refused by import', async () => {
    await givenLog('hidden', [['$order-1', anEvent({ type: 'OrderPlaced' })]]);
    expect(await checkFacts(settingsOf('hidden'), never)).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/at position 1: a fact in stream \$order-1, which no root covers/) as unknown,
    });
    expect(await exportKept(settingsOf('hidden'), { folder: path('hidden'), signal: never })).toMatchObject({
      exitCode: 0,
    });
    expect(await restoreExport(settingsOf('revealed'), { folder: path('hidden'), signal: never })).toMatchObject({
      exitCode: 1,
      error: expect.stringContaining('line 1, afectostream: found $order-1, expected no fact') as unknown,
    });
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

  it('is read by its owner alone until it is whole: whoever kills the process leaves it', async () => {
    const out = await OutputFile.create(path('clear.ndjson'), 0o640);
    const [part = ''] = readdirSync(folder).filter((name) => /^clear\.ndjson\.\w+\.part$/.test(name));
    expect(statSync(path(part)).mode & 0o777).toBe(0o600);
    await out.close();
    expect(statSync(path('clear.ndjson')).mode & 0o777).toBe(0o640 & ~process.umask());
  });

  it('that the disk does not take is named', async () => {
    const full = await OutputFile.create('/dev/full');
    await full.write(Buffer.from('x'));
    await expect(full.close()).rejects.toThrow('/dev/full cannot be written: ENOSPC');
    await full.abandon();
    await expect(OutputFile.create(path('none/file'))).rejects.toThrow('none/file cannot be written: ENOENT');
  });
});
