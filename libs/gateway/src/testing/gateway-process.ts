import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { endsWithTheTest, gone } from './ends-with-the-test';
import { compiledWorkspace } from './kept/compiled-workspace';

export { endsWithTheTest } from './ends-with-the-test';
export { gatewayOver, type GatewayOver } from './kept/gateway-over';
export { type CompiledWorkspace, compiledWorkspace, RUN_FOLDER, workspaceIn } from './kept/compiled-workspace';

/** A gateway in a process of its own. */
export interface GatewayProcess {
  readonly port: number;
  /** Kills it with -9 and resolves when it is gone. */
  readonly kill: () => Promise<void>;
}

/** Serves a store file; port 0: any free one; `clockFile` holds what the clock shows, default the real one. */
export const startProcess = async (
  file: string,
  port = 0,
  clockFile: string | null = null,
): Promise<GatewayProcess> => {
  const { fileOf, environment } = compiledWorkspace();
  const child = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      fileOf('libs/gateway/src/testing/serve-log.ts'),
      file,
      port.toString(),
      ...(clockFile === null ? [] : [clockFile]),
    ],
    { env: { ...process.env, ...environment, NODE_OPTIONS: '' }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  endsWithTheTest(child);
  for await (const line of createInterface({ input: child.stdout })) {
    return { port: Number(line), kill: () => gone(child) };
  }
  throw new Error('The gateway ended before it listened.');
};
