import { createHash } from 'node:crypto';
import {
  existsSync,
  linkSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { shopEvents, writeNdjson } from '../testing/given-facts';
import { givenProgram } from '../testing/given-program';

/*
 * `afecto export data/afecto.db` once put the exported facts in the place of the log: whoever took FILE for the log
 * that is to be exported had none any more. A command that writes a file writes it over any but Afecto's own.
 */

const AT = '2026-02-01T09:00:00Z';
const program = givenProgram();
afterAll(() => program.remove());

const ask = (...args: ReadonlyArray<string>) => program.ask(['--store', 'sqlite:shop.db', '--clock', AT, ...args]);
const hashOf = (name: string): string =>
  createHash('sha256')
    .update(readFileSync(program.path(name)))
    .digest('hex');

beforeAll(async () => {
  const fact = shopEvents('e').registered('ana', 'Ana Perez', '2026-01-05T10:00:00.000Z');
  writeNdjson(program.path('facts.ndjson'), [fact]);
  expect(await ask('import', 'facts.ndjson')).toMatchObject({ code: 0 });
  // The record of reads, the signing key and a checkpoint of the log.
  expect(await ask('profile', 'ana')).toMatchObject({ code: 0 });
  expect(await ask('checkpoint')).toMatchObject({ code: 0 });
  symlinkSync(program.path('shop.db'), program.path('by-symbolic-link'));
  linkSync(program.path('shop.db'), program.path('by-hard-link'));
});

const commands: ReadonlyArray<readonly [string, (file: string) => ReadonlyArray<string>]> = [
  ['export', (file) => ['export', file]],
  ['export --format parquet', (file) => ['export', '--format', 'parquet', file]],
  ['privacy export', (file) => ['privacy', 'export', 'ana', file]],
  ['checkpoint --all', (file) => ['checkpoint', '--all', '--out', file]],
  ['checkpoint --public-key', (file) => ['checkpoint', '--public-key', '--out', file]],
  ['proof', (file) => ['proof', '--from', '1', '--out', file]],
  ['diff', (file) => ['diff', '--from', '2026-01-01T00:00:00Z', '--parties', file]],
];

describe('a command that writes a file', () => {
  it.each(commands)('%s writes one, also over another', async (_, args) => {
    writeFileSync(program.path('out'), 'before\n');
    expect(await ask(...args('out'))).toMatchObject({ code: 0 });
    expect(readFileSync(program.path('out'), 'latin1')).not.toBe('before\n');
  });

  it.each(commands)(
    '%s writes through a symbolic link, and touches no file with the name of an unfinished one',
    async (_, args) => {
      writeFileSync(program.path('target'), 'before\n');
      writeFileSync(program.path('linked.part'), 'mine');
      rmSync(program.path('linked'), { force: true });
      symlinkSync('target', program.path('linked'));
      expect(await ask(...args('linked'))).toMatchObject({ code: 0 });
      expect(lstatSync(program.path('linked')).isSymbolicLink()).toBe(true);
      expect(readFileSync(program.path('target'), 'latin1')).not.toBe('before\n');
      expect(readFileSync(program.path('linked.part'), 'latin1')).toBe('mine');
    },
  );

  // Renamed over, the device would be a file: of this link, which stands for it, one would be made.
  it.each(commands)('%s names a device that does not take it, and leaves nothing beside it', async (_, args) => {
    rmSync(program.path('linked'), { force: true });
    symlinkSync('/dev/full', program.path('linked'));
    const before = readdirSync(program.folder);
    expect(await ask(...args('linked'))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('linked cannot be written: ENOSPC'),
    });
    expect(readlinkSync(program.path('linked'))).toBe('/dev/full');
    expect(readdirSync(program.folder)).toEqual(before);
  });

  it.each(commands)('%s writes to a device as it is', async (_, args) => {
    rmSync(program.path('linked'), { force: true });
    symlinkSync('/dev/null', program.path('linked'));
    expect(await ask(...args('linked'))).toMatchObject({ code: 0 });
    expect(readlinkSync(program.path('linked'))).toBe('/dev/null');
  });

  it('privacy export is for its owner alone, also where a file for all was', async () => {
    writeFileSync(program.path('out'), 'before\n', { mode: 0o644 });
    expect(await ask('privacy', 'export', 'ana', 'out')).toMatchObject({ code: 0 });
    expect(statSync(program.path('out')).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['export', '--as-of', ['export', 'instant']],
    ['export', '--known-at', ['export', '--log', 'instant']],
    ['privacy export', '--as-of', ['privacy', 'export', 'ana', 'instant']],
    ['review', '--known-at', ['review']],
    ['figures', '--as-of', ['figures', 'lifecycle']],
    ['report', '--as-of', ['report']],
    ['import', '--as-of', ['import', 'facts.ndjson']],
    ['rebuild', '--known-at', ['rebuild']],
    ['verify', '--as-of', ['verify']],
    // These went on as if nothing had been said: what has expired by now was erased, not by then.
    ['privacy expire', '--as-of', ['privacy', 'expire']],
    ['privacy erase', '--as-of', ['privacy', 'erase', 'ana', '--evidence', 'passport', '--basis', 'request']],
    ['privacy verify-erasure', '--as-of', ['privacy', 'verify-erasure', 'ana', '--values', 'facts.ndjson']],
    ['privacy rotate-master-key', '--known-at', ['privacy', 'rotate-master-key']],
    ['checkpoint', '--as-of', ['checkpoint', '--out', 'instant']],
    ['proof', '--known-at', ['proof', '--from', '1', '--out', 'instant']],
    ['copy', '--known-at', ['copy', '--from', 'sqlite:shop.db', '--to', 'sqlite:instant']],
    ['dead-letters', '--as-of', ['dead-letters']],
    ['dead-letters explain', '--as-of', ['dead-letters', 'explain', 'ana']],
    ['dead-letters replay', '--as-of', ['dead-letters', 'replay']],
    ['demo', '--as-of', ['demo', '--no-serve']],
  ])('%s refuses %s, which it does not take, and does nothing', async (name, option, args) => {
    const before = hashOf('shop.db');
    const refused = await ask(option, '2026-01-01T00:00:00Z', '--json', ...args);
    expect(refused).toMatchObject({ code: 2 });
    expect(JSON.parse(refused.stdout)).toEqual({ error: `afecto ${name} takes no ${option}; nothing was done.` });
    expect({ hash: hashOf('shop.db'), made: existsSync(program.path('instant')) }).toEqual({
      hash: before,
      made: false,
    });
  });

  it.each(
    commands.flatMap(([name, args]) =>
      ['shop.db', './shop.db', 'by-symbolic-link', 'by-hard-link'].map((file) => [name, file, args] as const),
    ),
  )('%s does not write over the log: %s', async (_, file, args) => {
    const before = hashOf('shop.db');
    const { code, stderr } = await ask(...args(file));
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining(`${file} is a file of the event store sqlite:shop.db`),
    });
    expect(hashOf('shop.db')).toBe(before);
  });

  it.each([
    'shop.keys.db',
    'shop.master-key',
    'shop.signing-key.pem',
    'shop.read-models.db',
    'shop.quarantine.db',
    'shop.reads.ndjson',
  ])('export does not write over %s', async (file) => {
    const before = hashOf(file);
    expect(await ask('export', file)).toMatchObject({ code: 2, stdout: '' });
    expect(hashOf(file)).toBe(before);
  });

  it('export does not write over another log', async () => {
    expect(await program.ask(['--store', 'sqlite:other.db', 'import', 'facts.ndjson'])).toMatchObject({ code: 0 });
    const before = hashOf('other.db');
    expect(await ask('export', 'other.db')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('other.db is a database, and nothing is written over it'),
    });
    expect(hashOf('other.db')).toBe(before);
  });

  it('leaves a log that serves as before', async () => {
    expect(JSON.parse((await ask('--json', 'profile', 'ana')).stdout)).toMatchObject({
      partyId: 'ana',
      identity: { displayName: 'Ana Perez' },
    });
  });
});
