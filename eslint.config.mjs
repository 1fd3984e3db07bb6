import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import boundaries from 'eslint-plugin-boundaries';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/** Every project of the workspace with the tags of its project.json. */
const projects = ['apps', 'libs'].flatMap((folder) =>
  readdirSync(join(import.meta.dirname, folder)).map((name) => {
    const project = JSON.parse(readFileSync(join(import.meta.dirname, folder, name, 'project.json'), 'utf8'));
    const room = project.tags.find((tag) => tag.startsWith('room:'));
    if (!room) throw new Error(`${folder}/${name}/project.json has no tag room:*`);
    return {
      room: room.slice('room:'.length),
      pattern: `${folder}/${name}`,
      mayUse: project.tags.filter((tag) => tag.startsWith('may-use:')).map((tag) => tag.slice('may-use:'.length)),
    };
  }),
);

/** A room may only use the rooms that its project.json names, and only through their door. */
const policies = projects.flatMap(({ room, mayUse }) => [
  { from: { element: { type: room } }, allow: { to: { element: { type: room } } } },
  ...mayUse.map((other) => ({
    from: { element: { type: room } },
    allow: { to: { element: { type: other, fileInternalPath: 'src/index.ts' } } },
  })),
]);
const testDoors = [
  { type: 'domain', fileInternalPath: 'src/facts/arbitrary.ts' },
  { type: 'domain', fileInternalPath: 'src/customer/arbitrary-history.ts' },
  { type: 'event-store', fileInternalPath: 'src/history/testing/fault-build.ts' },
  { type: 'gateway', fileInternalPath: 'src/testing/gateway-process.ts' },
  { type: 'gateway', fileInternalPath: 'src/testing/kept/asked-process.ts' },
];
const testPolicies = projects.flatMap(({ room }) =>
  testDoors.map((element) => ({ from: { element: { type: room } }, allow: { to: { element } } })),
);

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', '.nx/**', 'coverage/**', '**/*.cjs', '**/*.mjs'] },
  ...tseslint.configs.recommended,
  {
    files: ['apps/**/*.ts', 'libs/**/*.ts', 'docs/**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { boundaries },
    settings: {
      'import/resolver': { typescript: { project: join(import.meta.dirname, 'tsconfig.json') } },
      'boundaries/elements': projects.map(({ room, pattern }) => ({ type: room, pattern })),
    },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'TSAsExpression > TSAsExpression > TSUnknownKeyword',
          message: 'No `as unknown as`: decode the value or change the type.',
        },
      ],
      'boundaries/dependencies': ['error', { default: 'disallow', policies }],
    },
  },
  {
    // Tests of all rooms draw facts from the domain's generators, start gateways and arm fault points, which stay out of the doors.
    files: ['**/*.spec.ts', '**/testing/**/*.ts'],
    rules: {
      'boundaries/dependencies': ['error', { default: 'disallow', policies: [...policies, ...testPolicies] }],
    },
  },
  prettier,
);
