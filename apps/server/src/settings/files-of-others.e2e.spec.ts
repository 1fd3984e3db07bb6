import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Settings } from '@afecto/application';
import { KeyStore } from '@afecto/privacy';
import * as E from 'fp-ts/Either';
import { StartFailure, startServer } from '../index';
import { registered } from '../testing/arbitrary-facts';
import { givenServer, settingsIn } from '../testing/given-server';
import { temporaryFolder } from '../testing/ground';

/*
 * A setting that names a file of something else once lost that file: what could not be read as read models was
 * taken for damaged ones, removed, and built anew, whatever it was; the quarantine made its table in any database
 * that it was pointed to, the log among them; and the record of personal reads was added to the end of any file,
 * the log among them. A file is used when it says itself whose it is, and is left as it is otherwise.
 */

let folder: string;
beforeAll(async () => {
  const server = await givenServer({}, temporaryFolder());
  folder = server.folder;
  await server.facts(registered('ana'));
  await server.get('/v1/parties/ana');
  await server.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const bytesIn = (path: string): string =>
  statSync(path).isDirectory()
    ? readdirSync(path).join()
    : createHash('sha256').update(readFileSync(path)).digest('hex');

const DOCUMENT = 'Something that somebody wrote and that is nowhere else, longer than the header of a database is.\n';

const database = (sql: string) => (path: string) => {
  const made = new DatabaseSync(path);
  made.exec(sql);
  made.close();
};

const keyStoreOf = (keyStore: string): KeyStore => {
  const opened = KeyStore.open({ keyStore, masterKey: `${keyStore}.master-key` }, Date.now);
  if (E.isLeft(opened)) throw new Error(opened.left.message);
  return opened.right;
};

type FileSetting = Exclude<keyof Settings, 'now' | 'eventStore'>;

const settings: ReadonlyArray<FileSetting> = [
  'readModels',
  'quarantine',
  'keyStore',
  'masterKey',
  'signingKey',
  'personalReads',
];

/** What lies where the setting points to. */
const others: ReadonlyArray<readonly [string, (path: string) => void]> = [
  ['a short text', (path) => writeFileSync(path, 'mine\n')],
  ['a document', (path) => writeFileSync(path, DOCUMENT)],
  ['a folder', (path) => mkdirSync(path)],
  ['a database of another application', database('CREATE TABLE customers (id); INSERT INTO customers VALUES (1)')],
  ['one that says whose it is and is empty', database('PRAGMA application_id = 7')],
];

const refused = async (setting: FileSetting, path: string): Promise<void> => {
  const before = bytesIn(path);
  const error: unknown = await startServer({ ...settingsIn(folder), [setting]: path }).then(
    (server) => server.close(),
    (failure: unknown) => failure,
  );
  expect(error).toBeInstanceOf(StartFailure);
  expect(String(error)).toContain(path);
  expect(bytesIn(path)).toBe(before);
};

describe('a setting that names a file of something else', () => {
  const cases = settings.flatMap((setting) => others.map(([what, make]) => [setting, what, make] as const));
  // It may be what is left of read models, which are disposable: see below.
  const areSetAside = ['a short text', 'a document'];

  it.each(cases.filter(([setting, what]) => setting !== 'readModels' || !areSetAside.includes(what)))(
    '%s: %s is refused by its name, and is left as it is',
    async (setting, _, make) => {
      const path = join(folder, 'of-others');
      make(path);
      try {
        await refused(setting, path);
      } finally {
        rmSync(path, { recursive: true });
      }
    },
  );

  it.each(others.filter(([what]) => areSetAside.includes(what)))(
    'readModels: %s is set aside, each time under a name of its own, and they are built anew',
    async (_, make) => {
      const path = join(folder, 'of-others');
      const said: unknown[] = [];
      console.error = (message: unknown) => said.push(message);
      for (const aside of [`${path}.set-aside-1`, `${path}.set-aside-2`]) {
        make(path);
        const before = bytesIn(path);
        const server = await givenServer({ readModels: path }, folder);
        expect(await server.get('/v1/parties/ana')).toMatchObject({ status: 200, body: { facts: 1 } });
        await server.close();
        expect(bytesIn(aside)).toBe(before);
        expect(said.splice(0)).toEqual([
          `afecto: ${path} was no database: it is ${aside} now, and the read models are built anew`,
        ]);
      }
      for (const name of readdirSync(folder))
        if (name.startsWith('of-others')) rmSync(join(folder, name), { recursive: true });
    },
  );

  it.each([
    ['readModels', 'log.db'],
    ['readModels', 'quarantine.db'],
    ['quarantine', 'log.db'],
    ['quarantine', 'read-models.db'],
    ['quarantine', 'log.keys.db'],
    ['keyStore', 'quarantine.db'],
    ['personalReads', 'log.db'],
    ['personalReads', 'log.master-key'],
  ] as const)('%s: our own %s is refused by its name, and is left as it is', (setting, name) =>
    refused(setting, join(folder, name)),
  );

  // On a first start one of the two was made where the other was to be, and later ones took it for damaged.
  it.each([
    ['readModels', 'masterKey', 'AFECTO_READ_MODELS and AFECTO_MASTER_KEY_FILE'],
    ['masterKey', 'personalReads', 'AFECTO_MASTER_KEY_FILE and AFECTO_PERSONAL_READS'],
    ['signingKey', 'personalReads', 'AFECTO_SIGNING_KEY and AFECTO_PERSONAL_READS'],
    ['keyStore', 'quarantine', 'AFECTO_QUARANTINE and AFECTO_KEY_STORE'],
  ] as const)('%s that leads to the file of %s stops the start before any file is made', async (one, two, names) => {
    const before = readdirSync(folder);
    const path = join(folder, 'one-file');
    mkdirSync(join(folder, 'sub'));
    symlinkSync(folder, join(folder, 'sub', 'link'));
    const settings = { ...settingsIn(folder), [one]: path, [two]: join(folder, 'sub', 'link', 'one-file') };
    await expect(startServer(settings)).rejects.toThrow(`${names} both lead to "${path}"`);
    rmSync(join(folder, 'sub'), { recursive: true });
    expect(readdirSync(folder)).toEqual(before);
  });

  it.each([
    ['readModels', 'log.master-key'],
    ['personalReads', 'log.keys.db.erased'],
  ] as const)('%s: %s, that no variable names, is refused and left as it is', (setting, name) => {
    writeFileSync(join(folder, 'log.keys.db.erased'), '', { flag: 'a' });
    return refused(setting, join(folder, name));
  });

  it('personalReads: a place where no file can be made is refused by its name', async () => {
    const path = join(folder, 'log.db', 'reads.ndjson');
    await expect(startServer({ ...settingsIn(folder), personalReads: path })).rejects.toThrow(
      `AFECTO_PERSONAL_READS is "${path}": `,
    );
  });

  it.each([
    ['of another log', (path: string) => keyStoreOf(path).close()],
    ['that is empty', (path: string) => writeFileSync(path, '')],
  ])('a key store %s is refused: it would seal under keys that open nothing of what is there', async (_, make) => {
    const keyStore = join(folder, 'others.keys.db');
    make(keyStore);
    const started = startServer({ ...settingsIn(folder), keyStore, masterKey: `${keyStore}.master-key` });
    await expect(started).rejects.toThrow(`${keyStore} is key store `);
    await expect(started).rejects.toThrow(StartFailure);
    for (const name of readdirSync(folder)) if (name.startsWith('others.')) rmSync(join(folder, name));
  });

  it('holds nothing when it has been refused: the same files serve with the settings they had', async () => {
    const server = await givenServer({}, folder);
    expect(await server.get('/v1/parties/ana')).toMatchObject({ status: 200, body: { facts: 1 } });
    await server.close();
  });
});
