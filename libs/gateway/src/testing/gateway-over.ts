import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { compiledWorkspace } from './compiled-workspace';
import { endsWithTheTest } from './ends-with-the-test';
import type { Asked, Said } from './serve-logs';

/** A gateway in another process. */
export interface GatewayOver {
  readonly port: number;
  /** Ends it and lets go of the log. */
  readonly close: () => Promise<void>;
}

let host: ChildProcess | null = null;
let last: Promise<unknown> = Promise.resolve();

const started = (): ChildProcess => {
  const { fileOf, environment } = compiledWorkspace();
  return endsWithTheTest(
    fork(fileOf('libs/gateway/src/testing/serve-logs.ts'), {
      env: { ...process.env, ...environment, NODE_OPTIONS: '' },
      execArgv: ['--disable-warning=ExperimentalWarning'],
    }),
  );
};

const isRunning = (child: ChildProcess): boolean => child.exitCode === null && child.signalCode === null;

const ask = async (child: ChildProcess, asked: Asked): Promise<Said> => {
  const died = new AbortController();
  const end = (): void => died.abort(new Error('the gateways ended'));
  child.once('exit', end);
  try {
    const said = once(child, 'message', { signal: died.signal });
    child.send(asked);
    // The two ends of this channel are compiled from the same sources.
    const [answer]: ReadonlyArray<unknown> = await said;
    return answer as Said;
  } finally {
    child.off('exit', end);
  }
};

/** One question after another: an answer does not say what it answers. */
const inTurn = <A>(step: () => Promise<A>): Promise<A> => {
  const next = last.then(step);
  last = next.catch(() => undefined);
  return next;
};

/**
 * Serves a store file on a free port, in a process that it shares with the other logs of the test file:
 * for tests that do not kill the gateway. `clockFile` holds what the clock shows, default the real one.
 */
export const gatewayOver = async (file: string, clockFile: string | null = null): Promise<GatewayOver> => {
  const said = await inTurn(() => ask((host ??= started()), { file, clockFile }));
  if ('error' in said) throw new Error(said.error);
  const { port } = said;
  return {
    port,
    close: () =>
      inTurn(async () => {
        if (host !== null && isRunning(host)) await ask(host, { close: port });
      }),
  };
};
