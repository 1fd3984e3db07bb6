/** Jest 30 on Node 24: the system under test is loaded once a worker, by Node itself (see the runner). */
const common = {
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/docs'],
  transform: { '^.+\\.ts$': ['@swc/jest'] },
  moduleNameMapper: {
    '^@afecto/server$': '<rootDir>/apps/server/src/index.ts',
    '^@afecto/([a-z-]+)$': '<rootDir>/libs/$1/src/index.ts',
  },
  globalSetup: '<rootDir>/libs/gateway/src/testing/run-folder.ts',
  globalTeardown: '<rootDir>/libs/gateway/src/testing/remove-run-folder.ts',
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
};
const inOneRealm = {
  ...common,
  testEnvironment: '<rootDir>/libs/gateway/src/testing/jest/shared-realm.ts',
  testRunner: '<rootDir>/libs/gateway/src/testing/jest/test-runner.ts',
};
const kurrent = '/kurrent(db)?-client\\.(int|e2e)\\.spec\\.ts$';

/** Everything on the embedded store; then the whole system once more with its log on a server. */
module.exports = {
  maxWorkers: 2,
  // A guard against hanging, not a bound on speed: a loaded machine is slow, and a property that fails is shrunk first.
  testTimeout: 300_000,
  projects: [
    {
      ...inOneRealm,
      displayName: 'embedded',
      testMatch: ['**/*.{unit,int,e2e}.spec.ts'],
      testPathIgnorePatterns: [kurrent],
    },
    {
      ...inOneRealm,
      displayName: 'eventstoredb',
      testMatch: [
        '<rootDir>/apps/server/src/{admission,audit,commands,dead-letters,facts,feed,figures,parties,privacy,provenance,queues}/*.e2e.spec.ts',
        '<rootDir>/apps/server/src/{process,rim}.e2e.spec.ts',
        '<rootDir>/apps/cli/src/commands/{analyse,ask,checkpoint,dead-letters,demo,export-log,history,import,privacy,privacy-expire,provenance,rebuild-beside}.e2e.spec.ts',
        '<rootDir>/docs/examples.e2e.spec.ts',
      ],
      globals: { AFECTO_LOG: 'server' },
    },
    {
      ...common,
      displayName: 'kurrentdb',
      testRegex: [kurrent],
      testEnvironment: '<rootDir>/libs/gateway/src/testing/jest/own-realm.ts',
    },
  ],
};
