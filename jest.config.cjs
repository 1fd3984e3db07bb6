/** Jest 30 on Node 24: NestJS 12 is published as ES modules and loads through --experimental-vm-modules. */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/docs'],
  testMatch: ['**/*.{unit,int,e2e}.spec.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest'] },
  moduleNameMapper: {
    '^@afecto/server$': '<rootDir>/apps/server/src/index.ts',
    '^@afecto/([a-z-]+)$': '<rootDir>/libs/$1/src/index.ts',
  },
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  maxWorkers: 2,
};
