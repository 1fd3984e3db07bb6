import type { EnvironmentContext, JestEnvironment, JestEnvironmentConfig } from '@jest/environment';
import { ModuleMocker } from 'jest-mock';

/** What the test framework hangs at the global object under a symbol that it shares, and looks up when it is loaded. */
const HANDLERS = Symbol.for('EVENT_HANDLERS');

/** Names that the framework leaves at the global object, each evaluation under a symbol of its own. */
const leftByTheFramework = (before: ReadonlySet<string | symbol>): ReadonlyArray<symbol> =>
  Object.getOwnPropertySymbols(globalThis).filter(
    (name) => !before.has(name) && (name === HANDLERS || Symbol.keyFor(name) === undefined),
  );

const isGlobal = (realm: object): realm is JestEnvironment['global'] => '__coverage__' in realm;

const restoreEnvironmentVariables = (before: NodeJS.ProcessEnv): void => {
  for (const name of Object.keys(process.env)) if (!(name in before)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, before);
};

/**
 * Jest's environment without a world of its own: test files run in the realm of their worker, where
 * `test-runner.ts` loads what they test once for all of them. A file finds the global object, the
 * console, `process.exit` and the environment variables as the file before it found them.
 */
class SharedRealm implements JestEnvironment {
  readonly global: JestEnvironment['global'];
  readonly fakeTimers = null;
  readonly fakeTimersModern = null;
  readonly moduleMocker = new ModuleMocker(globalThis);
  private readonly names = new Set(Reflect.ownKeys(globalThis));
  private readonly console = globalThis.console;
  private readonly exit = process.exit;
  private readonly variables = { ...process.env };
  private readonly globals: Readonly<Record<string, unknown>>;

  constructor(configuration: JestEnvironmentConfig, _context: EnvironmentContext) {
    this.globals = { ...configuration.projectConfig.globals, __coverage__: {} };
    const realm: object = Object.assign(globalThis, this.globals);
    if (!isGlobal(realm)) throw new Error('The global object has no place for coverage, which Jest asks for.');
    this.global = realm;
  }

  async setup(): Promise<void> {
    // Jest has set 100. Every `expect` takes a stack, in case a promise fails later.
    Error.stackTraceLimit = 20;
  }

  async teardown(): Promise<void> {
    for (const name of leftByTheFramework(this.names)) Reflect.deleteProperty(globalThis, name);
    for (const name of Object.keys(this.globals)) Reflect.deleteProperty(globalThis, name);
    globalThis.console = this.console;
    process.exit = this.exit;
    restoreEnvironmentVariables(this.variables);
  }

  exportConditions(): Array<string> {
    return ['node', 'node-addons'];
  }

  getVmContext(): null {
    return null;
  }
}

export default SharedRealm;
