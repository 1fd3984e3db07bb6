/** What the documents say about the code, compared with the code: names, numbers, defaults and links. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { commandNames, defaultConfiguration, factTypes } from '@afecto/domain';
import { figures, models, partyViews } from '@afecto/projections';
import { settingsFromEnvironment } from '@afecto/server';
import * as E from 'fp-ts/Either';
import { fencedBlocksIn } from './testing/fenced-blocks';

const root = resolve(__dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const documents = [
  'README.md',
  ...readdirSync(__dirname).flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : [])),
];

describe('configuration.md', () => {
  const text = read('docs/configuration.md');
  const shown: ReadonlyArray<Record<string, unknown>> = fencedBlocksIn(text)
    .filter(({ mark }) => mark === 'default')
    .map((block) => JSON.parse(block.text));

  it.each(Object.entries(defaultConfiguration))('shows the defaults of %s', (section, defaults) => {
    expect(shown.filter((block) => Object.hasOwn(block, section))).toEqual([{ [section]: defaults }]);
  });

  it('shows no section that the document does not have', () => {
    expect(shown.flatMap((block) => Object.keys(block))).toEqual(Object.keys(defaultConfiguration));
  });

  const rows = new Map(
    [...text.matchAll(/^\| `(AFECTO_\w+)` +\| (?:`([^`]+)`|[^|]+?) +\|/gm)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  );

  it('lists the environment variables that the server reads, and no others', () => {
    const source = read('apps/server/src/settings/environment.ts');
    const names = [...source.matchAll(/^ {2}(AFECTO_\w+):/gm)].map(([, name]) => name);
    expect([...rows.keys()].sort()).toEqual(names.sort());
  });

  it('shows their defaults', () => {
    const settings = settingsFromEnvironment({});
    if (E.isLeft(settings)) throw new Error(settings.left.join('\n'));
    const { eventStore, readModels, quarantine, host, port, waitMs, checkpoints } = settings.right;
    expect(Object.fromEntries([...rows].filter(([, value]) => value !== ''))).toEqual({
      AFECTO_EVENT_STORE: eventStore,
      AFECTO_READ_MODELS: readModels,
      AFECTO_QUARANTINE: quarantine,
      AFECTO_HOST: host,
      AFECTO_PORT: String(port),
      AFECTO_WAIT_MS: String(waitMs),
      AFECTO_CHECKPOINT_EVENTS: String(checkpoints?.events),
      AFECTO_CHECKPOINT_SECONDS: String(checkpoints?.seconds),
    });
  });
});

describe('figures, views and reports in developers.md', () => {
  const text = read('docs/developers.md');
  const rows = [...text.matchAll(/^\| `([\w-]+)` +\| (PR\d\d) +\| (.+?) +\| (.+?) +\|$/gm)];
  const described = (column: 3 | 4) =>
    rows.flatMap((row) => (row[column] === '–' ? [] : [`${row[2]} ${row[1]}`])).toSorted();

  it.each([
    ['figures', figures, 3],
    ['views', partyViews, 4],
  ] as const)('are described: the %s that there are, with their codes, and no others', (_, registered, column) => {
    expect(described(column)).toEqual(registered.map(({ code, name }) => `${code} ${name}`).toSorted());
  });

  it('names the reports that there are, and no others', () => {
    const line = /^Reports: (.+?)\./m.exec(text)?.[1] ?? '';
    expect([...line.matchAll(/`([\w-]+)`/g)].map(([, name]) => name)).toEqual(models.map(({ name }) => name));
  });
});

it.each([
  ['docs/services.md', `one of the ${factTypes.length} fact types`],
  ['docs/developers.md', `There are ${commandNames.length} commands`],
])('%s says: %s', (path, text) => {
  expect(read(path).toLowerCase()).toContain(text.toLowerCase());
});

// Without one curl sends a form, and every route that takes a body answers 415.
it.each(documents)('%s shows no call with a body that does not say what it is', (path) => {
  const commands = fencedBlocksIn(read(path)).filter(({ language }) => language === 'sh');
  const calls = commands.flatMap(({ text }) =>
    text.split(/(?=curl )/).filter((part) => /^curl .* (-d|--data)/s.test(part)),
  );
  expect(calls.filter((call) => !/-H ['"]Content-Type: /.test(call))).toEqual([]);
});

it.each(documents)('%s links only to what is there', (path) => {
  const links = [...read(path).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, link = '']) => link);
  expect(links.filter((link) => !existsSync(join(root, dirname(path), link)))).toEqual([]);
});

it.each(documents)('%s names only files that are there', (path) => {
  const names = [...read(path).matchAll(/`((?:apps|libs|docs|docker)\/[\w./-]+)`/g)].map(([, name = '']) => name);
  expect(names.filter((name) => !existsSync(join(root, name)))).toEqual([]);
});

describe('the house in the README', () => {
  const rooms = ['libs', 'apps'].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => `${folder}/${name}`),
  );
  const libraries = readdirSync(join(root, 'libs'));
  const drawn = new Map(
    [...read('README.md').matchAll(/^\| `((?:apps|libs)\/[\w-]+)` +\| .+ \| (.+?) +\|$/gm)].map(
      ([, room = '', mayImport = '']) => [room, mayImport],
    ),
  );

  it('has the rooms that there are', () => {
    expect([...drawn.keys()].sort()).toEqual(rooms.toSorted());
  });

  it.each(rooms)('%s may import what its tags say', (room) => {
    const mayUse = [...read(`${room}/project.json`).matchAll(/"may-use:([\w-]+)"/g)].map(([, name = '']) => name);
    const others = libraries.filter((name) => `libs/${name}` !== room && !mayUse.includes(name));
    const said =
      mayUse.length === 0
        ? 'nothing of ours'
        : others.length > 2
          ? mayUse.join(', ')
          : [
              ['all libraries', ...(others.length === 0 ? [] : [others.join(' and ')])].join(' but '),
              ...mayUse.filter((name) => !libraries.includes(name)).map((name) => `the ${name}`),
            ].join(' and ');
    expect(drawn.get(room)).toBe(said);
  });
});
