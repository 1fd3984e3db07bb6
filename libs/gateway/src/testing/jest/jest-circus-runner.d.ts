/** The part of Jest's runner of a test file that `test-runner.ts` stands on; the package has no types for it. */
declare module 'jest-circus/runner' {
  import type { JestEnvironment, JestEnvironmentConfig } from '@jest/environment';

  export interface Runtime {
    readonly requireModule: (path: string) => unknown;
    readonly requireInternalModule: (path: string) => unknown;
    readonly getSourceMaps: () => Map<string, string>;
  }

  export type RunTestFile = (
    globalConfig: JestEnvironmentConfig['globalConfig'],
    config: JestEnvironmentConfig['projectConfig'],
    environment: JestEnvironment,
    runtime: Runtime,
    testPath: string,
    sendMessageToJest: unknown,
  ) => Promise<unknown>;

  const runTestFile: RunTestFile;
  export default runTestFile;
}
