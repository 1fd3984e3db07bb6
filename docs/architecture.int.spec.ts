/**
 * The rooms of the house and their doors: who may import whom is written in the tags of each
 * project.json and enforced by ESLint. A rule that never fires looks just like a rule that works, so
 * these tests give it imports that it must refuse.
 */
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..');

interface Probe {
  readonly room: string;
  readonly folder: string;
  readonly text: string;
  readonly refused: boolean;
}

const importing = (target: string): string => `import * as room from '${target}';\nexport const used = room;\n`;

const probes: ReadonlyArray<Probe> = [
  { room: 'domain', folder: 'libs/domain/src', text: importing('@afecto/event-store'), refused: true },
  { room: 'event store', folder: 'libs/event-store/src', text: importing('@afecto/read-models'), refused: true },
  { room: 'read models', folder: 'libs/read-models/src', text: importing('@afecto/projections'), refused: true },
  { room: 'audit', folder: 'libs/audit/src', text: importing('@afecto/application'), refused: true },
  { room: 'analytics', folder: 'libs/analytics/src', text: importing('@afecto/application'), refused: true },
  { room: 'application', folder: 'libs/application/src', text: importing('@afecto/server'), refused: true },
  {
    room: 'projections past the door of the domain',
    folder: 'libs/projections/src',
    text: importing('../../domain/src/time/calendar'),
    refused: true,
  },
  { room: 'server through the door', folder: 'apps/server/src', text: importing('@afecto/domain'), refused: false },
];

/** Rules that know types have the whole workspace compiled and say nothing about doors; all others are on. */
const typed = {
  '@typescript-eslint/no-floating-promises': 'off',
  '@typescript-eslint/no-misused-promises': 'off',
  '@typescript-eslint/switch-exhaustiveness-check': 'off',
};

const fileOf = ({ folder }: Probe): string => join(root, folder, 'boundaries-probe.ts');
const found = new Map<string, ReadonlyArray<string>>();

beforeAll(() => {
  for (const probe of probes) writeFileSync(fileOf(probe), probe.text);
  const eslint = join(root, 'node_modules', 'eslint', 'bin', 'eslint.js');
  const options = ['--format', 'json', '--parser-options', 'projectService:false', '--rule', JSON.stringify(typed)];
  const { stdout } = spawnSync(process.execPath, [eslint, ...options, ...probes.map(fileOf)], {
    cwd: root,
    encoding: 'utf8',
  });
  const results: ReadonlyArray<{ filePath: string; messages: ReadonlyArray<{ ruleId: string }> }> = JSON.parse(stdout);
  for (const { filePath, messages } of results)
    found.set(
      filePath,
      messages.map(({ ruleId }) => ruleId),
    );
});

afterAll(() => {
  for (const probe of probes) rmSync(fileOf(probe), { force: true });
});

describe('the doors between rooms', () => {
  it.each(probes.filter(({ refused }) => refused))(
    'lint refuses an import that the room may not make: $room',
    (probe) => {
      expect(found.get(fileOf(probe))).toEqual(['boundaries/dependencies']);
    },
  );

  it.each(probes.filter(({ refused }) => !refused))('lint accepts an import that the room may make: $room', (probe) => {
    expect(found.get(fileOf(probe))).toEqual([]);
  });
});
