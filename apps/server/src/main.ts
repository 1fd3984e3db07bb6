import * as E from 'fp-ts/Either';
import { settingsFromEnvironment } from './settings/environment';
import type { RunningServer } from './start-server';

const refuse = (lines: ReadonlyArray<string>): void => {
  for (const line of lines) console.error(`afecto: ${line}`);
  process.exitCode = 1;
};

const stop = async (server: RunningServer): Promise<void> => {
  try {
    await server.close();
    process.exit(0);
  } catch (error) {
    console.error('afecto: could not stop cleanly', error);
    process.exit(1);
  }
};

const main = async (): Promise<void> => {
  const settings = settingsFromEnvironment(process.env);
  if (E.isLeft(settings)) return refuse(settings.left);
  let running: RunningServer | null = null;
  const end = (): void => {
    // Before the server runs there is nothing to finish: a build of the read models goes on where its last commit was.
    if (running === null) process.exit(0);
    else void stop(running);
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  // After the settings: what is wrong with them is said without waiting for all that a server is made of.
  const { startServer, StartFailure } = await import('./start-server.js');
  try {
    running = await startServer(settings.right);
    console.log(`afecto signs checkpoints of the log with ${running.signingKey}`);
    if (running.gatewayUrl !== null) console.log(`afecto gateway on ${running.gatewayUrl}`);
    console.log(`afecto listening on ${running.url}`);
  } catch (error) {
    if (!(error instanceof StartFailure)) throw error;
    refuse([error.message]);
  }
};

void main();
