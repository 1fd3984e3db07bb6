import type { Asked, Said } from '../serve-logs';
import { askedProcess } from './asked-process';

/** A gateway in another process. */
export interface GatewayOver {
  readonly port: number;
  /** Ends it and lets go of the log. */
  readonly close: () => Promise<void>;
}

const ask = askedProcess<Asked, Said>('libs/gateway/src/testing/serve-logs.ts');

/**
 * Serves a store file on a free port, in a process that it shares with the other logs of the worker's
 * tests: for those that do not kill the gateway. `clockFile` holds what the clock shows, default the real one.
 */
export const gatewayOver = async (file: string, clockFile: string | null = null): Promise<GatewayOver> => {
  const said = await ask({ file, clockFile });
  if ('error' in said) throw new Error(said.error);
  const { port } = said;
  return {
    port,
    close: async () => {
      const closed = await ask({ close: port });
      if ('error' in closed) throw new Error(closed.error);
    },
  };
};
