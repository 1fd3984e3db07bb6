import { type ServedOptions, withBareServer, withServed } from './served';
import { withClient, type WireClient } from './wire-client';

/** Our server and Node's own, each in a process of its own, with as many connections to either. */
export interface Both {
  readonly ours: WireClient;
  readonly bare: WireClient;
  /** Ends our server and tells where its log lies. */
  readonly stop: (signal?: 'SIGTERM' | 'SIGKILL') => Promise<string>;
}

export interface BothOptions extends ServedOptions {
  readonly entry: string;
  readonly connections: number;
}

/** Runs `measure` over both, so that every figure has its raw limit from the same minute. */
export const besideBare = <A>(
  { entry, connections, ...options }: BothOptions,
  measure: (both: Both) => Promise<A>,
): Promise<A> =>
  withBareServer(
    (bareUrl) =>
      withServed(
        entry,
        ({ url, stop }) =>
          withClient(url, connections, (ours) =>
            withClient(bareUrl, connections, (bare) => measure({ ours, bare, stop })),
          ),
        options,
      ),
    options.signal === undefined ? {} : { signal: options.signal },
  );
