import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { openSqliteEventStore } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { compiledWorkspace, endsWithTheTest, gatewayOver } from '../../../libs/gateway/src/testing/gateway-process';
import { registered } from './testing/arbitrary-facts';
import { isOnServer, temporaryFolder } from './testing/ground';

const BATCH = 'application/cloudevents-batch+json';

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Where a server keeps its things, with the log in a file there or on a gateway over that file. */
interface Place {
  readonly variables: Readonly<Record<string, string>>;
  readonly log: string;
  readonly remove: () => Promise<void>;
}

const givenPlace = async (): Promise<Place> => {
  const folder = temporaryFolder();
  const log = join(folder, 'data/log.db');
  if (isOnServer) mkdirSync(join(folder, 'data'));
  const gateway = isOnServer ? await gatewayOver(log) : null;
  return {
    variables: {
      AFECTO_EVENT_STORE: gateway === null ? `sqlite:${log}` : `esdb://127.0.0.1:${gateway.port}?tls=false`,
      AFECTO_READ_MODELS: join(folder, 'read-models.db'),
      AFECTO_QUARANTINE: join(folder, 'quarantine.db'),
    },
    log,
    remove: async () => {
      await gateway?.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

describe('the server as a process', () => {
  const start = (variables: Readonly<Record<string, string>>) => {
    const { folder, fileOf, environment } = compiledWorkspace();
    const child: ChildProcess = endsWithTheTest(
      spawn(process.execPath, [fileOf('apps/server/src/main.ts')], {
        cwd: folder,
        env: { PATH: process.env['PATH'], ...environment, AFECTO_PORT: '0', ...variables },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
    let output = '';
    const collect = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    const ended: Promise<Ended> = once(child, 'close').then(([code]) => ({ code: Number(code), output }));
    const listening = async (): Promise<string> => {
      for (;;) {
        const url = /^afecto listening on (http:\/\/\S+)$/m.exec(output)?.[1];
        if (url !== undefined) return url;
        if (child.exitCode !== null) throw new Error(output);
        await new Promise((wait) => setTimeout(wait, 20));
      }
    };
    return { child, ended, listening };
  };

  it.each(['SIGTERM', 'SIGINT'] as const)(
    '%s ends it with code 0 and everything acknowledged in the log',
    async (signal) => {
      const place = await givenPlace();
      const { child, ended, listening } = start(place.variables);
      const url = await listening();
      let acknowledged = 0;
      let stopped = false;
      const sender = async (): Promise<void> => {
        while (!stopped) {
          const facts = Array.from({ length: 15 }, () => registered('p1', { id: `${Math.random()}` }));
          try {
            const answer = await fetch(`${url}/v1/events`, {
              method: 'POST',
              headers: { 'Content-Type': BATCH },
              body: JSON.stringify(facts),
            });
            if (answer.status === 200) acknowledged += 15;
          } catch {
            stopped = true;
          }
        }
      };
      const senders = Array.from({ length: 8 }, sender);
      while (acknowledged === 0) await new Promise((wait) => setTimeout(wait, 20));
      child.kill(signal);
      expect(await ended).toMatchObject({ code: 0 });
      stopped = true;
      await Promise.all(senders);
      expect(acknowledged).toBeGreaterThan(0);
      const opened = openSqliteEventStore({ file: place.log, clock: Date.now, readOnly: true });
      if (E.isLeft(opened)) throw new Error(opened.left.message);
      expect(Number(await opened.right.head())).toBeGreaterThanOrEqual(acknowledged);
      await opened.right.close();
      await place.remove();
    },
  );

  it('a request under way when the signal comes gets its answer', async () => {
    const place = await givenPlace();
    const { child, ended, listening } = start(place.variables);
    const url = await listening();
    const body = JSON.stringify([registered('late')]);
    const status = new Promise<number>((done, failed) => {
      const call = request(
        `${url}/v1/events`,
        { method: 'POST', headers: { 'Content-Type': BATCH, 'Content-Length': Buffer.byteLength(body) } },
        (response) => {
          response.resume();
          done(response.statusCode ?? 0);
        },
      );
      call.on('error', failed);
      call.write(body.slice(0, 10));
      setTimeout(() => child.kill('SIGTERM'), 100);
      setTimeout(() => call.end(body.slice(10)), 300);
    });
    expect(await status).toBe(200);
    expect(await ended).toMatchObject({ code: 0 });
    await place.remove();
  });

  it('the clock stands where AFECTO_CLOCK puts it', async () => {
    const place = await givenPlace();
    const { child, ended, listening } = start({
      ...place.variables,
      AFECTO_CLOCK: '2026-02-03T04:05:06Z',
    });
    const answer = await fetch(`${await listening()}/v1/queues`);
    expect(await answer.json()).toMatchObject({ asOf: '2026-02-03T04:05:06.000Z' });
    child.kill('SIGTERM');
    await ended;
    await place.remove();
  });

  it.each([
    [{ AFECTO_HOST: '0.0.0.0' }, 'AFECTO_API_KEYS is not set'],
    [{ AFECTO_PORT: '70000' }, 'AFECTO_PORT is "70000"; allowed is a whole number 0..65535'],
    [{ AFECTO_EVENT_STORE: 'esdb://' }, 'Allowed is sqlite:PATH'],
    [{ AFECTO_GATEWAY_USERS: 'ops:a-password' }, 'AFECTO_GATEWAY_PORT is not set'],
  ])('%j stops the start with a message and code 1', async (variables, message) => {
    const { ended } = start(variables);
    const { code, output } = await ended;
    expect(code).toBe(1);
    expect(output).toContain(message);
    expect(output).not.toContain('    at ');
  });
});
