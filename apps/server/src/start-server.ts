import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { type Afecto, openAfecto, personalReadsOf, sharedPlace } from '@afecto/application';
import { type Gateway, startGateway } from '@afecto/gateway';
import { isFactType, policyAt, rolesToTell } from '@afecto/domain';
import { checkAuditTrail, claimKeyStore } from '@afecto/privacy';
import * as E from 'fp-ts/Either';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type AuditDesk, openAuditDesk } from './audit/audit-desk';
import { EventStreams } from './feed/event-streams';
import { Readiness } from './health/readiness';
import { PersonalReads } from './privacy/personal-reads';
import { createHttpApplication } from './http-application';
import { type CompleteSettings, isLoopback, type ServerSettings, withDefaults } from './settings/server-settings';

export interface RunningServer {
  /** `http://HOST:PORT`, with the port that it listens on. */
  readonly url: string;
  /** `esdb://HOST:PORT?tls=…` of the gateway; null when it is off. */
  readonly gatewayUrl: string | null;
  /** The file with the key that signs checkpoints of the log. */
  readonly signingKey: string;
  /** Stops accepting, finishes requests under way, flushes. Safe to call twice. */
  readonly close: () => Promise<void>;
}

/** The server cannot start, and the message says why and what to do. */
export class StartFailure extends Error {
  override readonly name = 'StartFailure';
}

const IDLE_CHECK_MS = 20;

const describe = (error: unknown, { host, port }: CompleteSettings): string => {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  if (code === 'EADDRINUSE') return `AFECTO_PORT is ${port}: it is in use on ${host}; choose another one, or 0 for any`;
  if (code === 'EACCES') return `AFECTO_PORT is ${port}: this user may not listen on it; choose one from 1024`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return `AFECTO_HOST is "${host}": this machine has no such address`;
  return `cannot listen on ${host}:${port}: ${error instanceof Error ? error.message : String(error)}`;
};

/** Requests under way get their answers, idle connections end; after `drainMs` the rest is cut. */
const closeHttp = async (app: NestFastifyApplication, drainMs: number): Promise<void> => {
  const server = app.getHttpServer();
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
  const deadline = setTimeout(() => server.closeAllConnections(), drainMs);
  try {
    await app.close();
  } finally {
    clearInterval(idle);
    clearTimeout(deadline);
  }
};

const readPem = (variable: string, file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new StartFailure(`${variable} is "${file}": ${error instanceof Error ? error.message : String(error)}`);
  }
};

/** The gateway over the embedded log, when it is asked for. */
const openGateway = async (
  { embedded, projections, store }: Afecto,
  { gateway, host, now }: CompleteSettings,
): Promise<Gateway | null> => {
  if (gateway === null) return null;
  if (embedded === null)
    throw new StartFailure(
      'AFECTO_GATEWAY_PORT is set and AFECTO_EVENT_STORE names a server: the gateway serves the embedded store; ' +
        'clients connect to that server themselves',
    );
  // Whoever writes through it from elsewhere is to have the same keys.
  const named = await claimKeyStore(store.kept, store.keys);
  if (E.isLeft(named)) throw new StartFailure(named.left.message);
  const { port, users, tls } = gateway;
  const started = await startGateway({
    store: embedded,
    host,
    port,
    clock: now,
    users,
    rolesToTell: (type) =>
      isFactType(type) ? rolesToTell(type, policyAt(projections.engine.world.regime, now()).configuration) : null,
    ...(tls === null
      ? {}
      : {
          tls: {
            certificate: readPem('AFECTO_GATEWAY_TLS_CERT', tls.certificateFile),
            key: readPem('AFECTO_GATEWAY_TLS_KEY', tls.keyFile),
          },
        }),
  });
  if (E.isLeft(started)) throw new StartFailure(`AFECTO_GATEWAY_PORT is ${port}: ${started.left.message}`);
  return started.right;
};

const listen = async (afecto: Afecto, settings: CompleteSettings): Promise<Omit<RunningServer, 'signingKey'>> => {
  // Everything tells the time by the one clock of the system.
  const app = await createHttpApplication(afecto, { ...settings, now: afecto.settings.now });
  try {
    const { port, host, limits } = settings;
    // A crowd that comes at once must not keep the next caller waiting for seconds before it is let in.
    await app.getHttpAdapter().getInstance().listen({ port, host, backlog: limits.connections });
  } catch (error) {
    await app.close();
    throw new StartFailure(describe(error, settings));
  }
  const address: AddressInfo | string | null = app.getHttpServer().address();
  const port = typeof address === 'object' && address !== null ? address.port : settings.port;
  const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host;
  const gateway = await openGateway(afecto, settings).catch(async (error: unknown) => {
    await app.close();
    throw error;
  });
  let closed: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    app.get(Readiness).close();
    app.get(EventStreams).close();
    // Whatever one part says, the others are closed too; what was shown last is recorded before the log is let go of.
    const ended = await Promise.allSettled([closeHttp(app, settings.drainMs), gateway?.close()]);
    for (const part of [app.get(PersonalReads), afecto]) ended.push(...(await Promise.allSettled([part.close()])));
    for (const each of ended) if (each.status === 'rejected') throw each.reason;
  };
  const gatewayUrl =
    gateway === null ? null : `esdb://${host}:${gateway.port}?tls=${String((settings.gateway?.tls ?? null) !== null)}`;
  return { url: `http://${host}:${port}`, gatewayUrl, close: () => (closed ??= close()) };
};

/**
 * Opens the log, brings the projections up to it, and listens. Rejects with `StartFailure` when a
 * file or the address cannot be used, or when the address is open to others and no API key is set.
 */
export const startServer = async (given: ServerSettings): Promise<RunningServer> => {
  const settings = withDefaults(given);
  if (!isLoopback(settings.host) && settings.apiKeys.length === 0)
    throw new StartFailure(
      `AFECTO_HOST is "${settings.host}", which others can reach, and AFECTO_API_KEYS is not set: set keys, or use 127.0.0.1`,
    );
  if (!isLoopback(settings.host) && settings.gateway !== null && settings.gateway.users.length === 0)
    throw new StartFailure(
      `AFECTO_HOST is "${settings.host}", which others can reach, and AFECTO_GATEWAY_USERS is not set: set users and TLS, or leave AFECTO_GATEWAY_PORT out`,
    );
  const shared = sharedPlace(settings);
  if (shared !== null) throw new StartFailure(shared);
  const reads = personalReadsOf(settings);
  const trail = checkAuditTrail(reads);
  if (E.isLeft(trail))
    throw new StartFailure(
      `AFECTO_PERSONAL_READS is "${reads}": ${trail.left}, and is left as it is; name another file`,
    );
  let audit: AuditDesk | null = null;
  const opened = await openAfecto(settings, {
    expiresDaily: true,
    lastly: async () => audit?.stop(),
    onFailure: (message) => console.error(`afecto: a step of the projections failed and is repeated: ${message}`),
    onSetAside: (message) => console.error(`afecto: ${message}`),
    onSwitched: (prepared) =>
      console.log(
        `afecto: other read models have taken the place of the live ones${prepared === null ? '' : `, built from ${prepared.facts} facts in ${prepared.seconds.toFixed(1)} s`}`,
      ),
  });
  if (E.isLeft(opened)) throw new StartFailure(opened.left.message);
  const afecto = opened.right;
  try {
    const desk = openAuditDesk(afecto, settings);
    if (E.isLeft(desk)) throw new StartFailure(`AFECTO_SIGNING_KEY: ${desk.left.message}`);
    audit = desk.right;
    return { ...(await listen(afecto, settings)), signingKey: audit.signingKey };
  } catch (error) {
    await afecto.close();
    throw error;
  }
};
