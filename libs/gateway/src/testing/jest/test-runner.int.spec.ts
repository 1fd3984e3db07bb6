import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const OBSERVED = 'observed.ndjson';

/** A small workspace: a module of the system, one of the tests' own with a hook, and test files that leave everything changed. */
const files = {
  'system.ts': 'export const users: string[] = [];',
  'testing/given.ts': `
    import { appendFileSync } from 'node:fs';
    import { join } from 'node:path';
    export const given: string[] = [];
    export const observe = (seen: object) => appendFileSync(join(__dirname, '../${OBSERVED}'), JSON.stringify(seen) + '\\n');
    afterAll(() => observe({ ended: given }));`,
  'testing/kept/process.ts': 'export const asked: string[] = [];',
  'given-users.ts': `
    import { given } from './testing/given';
    export const added: string[] = [];
    export const add = (name: string) => void (added.push(name), given.push(name));`,
  ...Object.fromEntries(
    ['one', 'two'].map((name) => [
      `${name}.spec.ts`,
      `
      import { users } from '@afecto/system';
      import { add, added } from './given-users';
      import { given, observe } from './testing/given';
      import { asked } from './testing/kept/process';
      test('${name}', () => {
        users.push('${name}');
        add('${name}');
        asked.push('${name}');
        observe({ users: users.length, asked: asked.length, given, added, variable: process.env.LEFT, project: Reflect.get(globalThis, 'PROJECT') });
        process.env.LEFT = '${name}';
        process.env.PATH = 'nowhere';
        Reflect.set(globalThis, 'PROJECT', 'changed');
        console.log = () => undefined;
        process.exit = () => { throw new Error('not this one'); };
        expect([users]).toStrictEqual([Array.from(users)]);
      });`,
    ]),
  ),
  'broken.spec.ts': `
    import './testing/given';
    throw new Error('not even loaded');`,
  'wrong.spec.ts': `
    interface Sum { readonly of: number }

    const sum: Sum = { of: 2 };
    test('a sum', () => {
      expect(sum.of).toBe(3);
    });
    test('a promise that nobody waits for', async () => {
      void Promise.reject(new Error('nobody heard this'));
      await new Promise((resolve) => setTimeout(resolve, 20));
    });`,
};

const workspace = join(__dirname, '../../../../..');

describe('the runner of test files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'afecto-runner-'));
  let report: { readonly status: number | null; readonly stderr: string };
  let observed: ReadonlyArray<Record<string, unknown>>;

  beforeAll(() => {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const configuration = {
      rootDir: folder,
      cacheDirectory: join(folder, 'cache'),
      testMatch: ['**/*.spec.ts'],
      globals: { PROJECT: 'the first' },
      moduleNameMapper: { '^@afecto/([a-z-]+)$': '<rootDir>/$1.ts' },
      transform: { '^.+\\.ts$': [require.resolve('@swc/jest')] },
      testEnvironment: join(__dirname, 'shared-realm.ts'),
      testRunner: join(__dirname, 'test-runner.ts'),
    };
    const jest = join(workspace, 'node_modules/jest/bin/jest.js');
    report = spawnSync(process.execPath, [jest, '--runInBand', '--config', JSON.stringify(configuration)], {
      cwd: folder,
      encoding: 'utf8',
    });
    observed = readFileSync(join(folder, OBSERVED), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('loads the system and what is in `testing/kept` once, and the rest of `testing` and what imports it once a file', () => {
    const seen = observed.filter((one) => 'users' in one);
    expect(seen.map(({ users }) => users)).toEqual([1, 2]);
    expect(seen.map(({ asked }) => asked)).toEqual([1, 2]);
    for (const { given, added } of seen) expect([given, added]).toEqual([[expect.any(String)], [expect.any(String)]]);
  });

  it('runs the hooks of such a module at the end of each file, with what that file gave', () => {
    const ended = observed.flatMap((one) => ('ended' in one ? [one['ended']] : []));
    expect(ended).toHaveLength(2);
    expect(ended).toEqual(expect.arrayContaining([['one'], ['two']]));
  });

  it('gives a file the environment, the globals, the console and the exit of the process as the run began with them', () => {
    for (const seen of observed.filter((one) => 'users' in one))
      expect(seen).toEqual(expect.not.objectContaining({ variable: expect.anything() }));
    expect(observed.flatMap((one) => ('project' in one ? [one['project']] : []))).toEqual(['the first', 'the first']);
    expect(report.stderr).not.toContain('not this one');
  });

  it('reports what fails where it stands in the source, and a promise that nobody waited for', () => {
    expect(report.status).toBe(1);
    expect(report.stderr).toContain('wrong.spec.ts:6:22');
    expect(report.stderr).toContain('nobody heard this');
    expect(report.stderr).toContain('not even loaded');
    expect(report.stderr).toContain('2 failed, 2 passed');
  });
});
