import { besideLog, setVariables } from '@afecto/application';
import type { Instant } from '@afecto/domain';
import { parseStoreUrl, withoutCredentials } from '@afecto/event-store';
import type { ConfiguredUser } from '@afecto/gateway';
import * as E from 'fp-ts/Either';
import * as t from 'io-ts';
import { AN_INSTANT, readInstant } from '../request/instant';
import { type ApiKey, KEYS_ALLOWED, readApiKeys } from './api-keys';
import { readGatewayUsers, USERS_ALLOWED } from './gateway-users';
import { DEFAULT_CHECKPOINTS, type GatewaySettings, type ServerSettings } from './server-settings';

/** A variable: its codec's name says what is allowed; a failure's message adds what is wrong when it is known. */
const variable = <A>(allowed: string, read: (text: string) => E.Either<string | null, A>): t.Type<A, A, unknown> =>
  new t.Type<A, A, unknown>(
    allowed,
    (_value): _value is A => true,
    (value, context) => {
      if (typeof value !== 'string') return t.failure(value, context);
      const result = read(value);
      return E.isRight(result)
        ? t.success(result.right)
        : t.failure(value, context, ...(result.left === null ? [] : [result.left]));
    },
    t.identity,
  );

const HOST = /^(?=.{1,253}$)([A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)$/;
const host = variable<string>('a host name or an IP address such as 127.0.0.1', (text) =>
  HOST.test(text) ? E.right(text) : E.left(null),
);

const wholeNumber = (min: number, max: number) =>
  variable<number>(`a whole number ${min}..${max}`, (text) => {
    const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    return number >= min && number <= max ? E.right(number) : E.left(null);
  });

const eventStore = variable<string>('sqlite:PATH, for example sqlite:./data/afecto.db, or esdb://HOST:PORT', (text) => {
  const location = parseStoreUrl(text);
  return E.isLeft(location) ? E.left(location.left.message) : E.right(text.trim());
});

const path = variable<string>('the path of a file', (text) =>
  text.trim() === '' || text.includes('\0') || text.endsWith('/') ? E.left(null) : E.right(text),
);

const clock = variable<Instant>(AN_INSTANT, (text) => {
  const at = readInstant(text);
  return at === null ? E.left(null) : E.right(at);
});

const gatewayUsers = variable<ReadonlyArray<ConfiguredUser>>(USERS_ALLOWED, readGatewayUsers);

const apiKeys = variable<ReadonlyArray<ApiKey>>(KEYS_ALLOWED, readApiKeys);

/** Everything that the environment can say to the server. */
const Environment = t.partial({
  AFECTO_HOST: host,
  AFECTO_PORT: wholeNumber(0, 65_535),
  AFECTO_EVENT_STORE: eventStore,
  AFECTO_READ_MODELS: path,
  AFECTO_QUARANTINE: path,
  AFECTO_KEY_STORE: path,
  AFECTO_MASTER_KEY_FILE: path,
  AFECTO_PERSONAL_READS: path,
  AFECTO_SIGNING_KEY: path,
  AFECTO_CHECKPOINT_EVENTS: wholeNumber(1, 100_000_000),
  AFECTO_CHECKPOINT_SECONDS: wholeNumber(1, 31_536_000),
  AFECTO_CLOCK: clock,
  AFECTO_WAIT_MS: wholeNumber(0, 600_000),
  AFECTO_API_KEYS: apiKeys,
  AFECTO_GATEWAY_PORT: wholeNumber(0, 65_535),
  AFECTO_GATEWAY_USERS: gatewayUsers,
  AFECTO_GATEWAY_TLS_CERT: path,
  AFECTO_GATEWAY_TLS_KEY: path,
});

const SECRET: ReadonlySet<string> = new Set(['AFECTO_API_KEYS', 'AFECTO_GATEWAY_USERS']);

const told = ({ context, value, message }: t.ValidationError): string => {
  const { key = '', type } = context[1] ?? {};
  const isUrl = key === 'AFECTO_EVENT_STORE' && typeof value === 'string';
  const shown = SECRET.has(key) ? '(not shown)' : JSON.stringify(isUrl ? withoutCredentials(value) : value);
  return `${key} is ${shown}${message === undefined ? '' : `: ${message}`}; allowed is ${type?.name ?? 'another value'}`;
};

/** What says how the gateway is reached, which without its port says nothing. */
const gatewayOf = (read: t.TypeOf<typeof Environment>): E.Either<ReadonlyArray<string>, GatewaySettings | null> => {
  const port = read.AFECTO_GATEWAY_PORT;
  const certificateFile = read.AFECTO_GATEWAY_TLS_CERT;
  const keyFile = read.AFECTO_GATEWAY_TLS_KEY;
  const users = read.AFECTO_GATEWAY_USERS ?? [];
  if (certificateFile === undefined && keyFile !== undefined)
    return E.left(['AFECTO_GATEWAY_TLS_KEY is set and AFECTO_GATEWAY_TLS_CERT is not: TLS needs both']);
  if (certificateFile !== undefined && keyFile === undefined)
    return E.left(['AFECTO_GATEWAY_TLS_CERT is set and AFECTO_GATEWAY_TLS_KEY is not: TLS needs both']);
  if (port === undefined)
    return certificateFile === undefined && users.length === 0
      ? E.right(null)
      : E.left(['AFECTO_GATEWAY_PORT is not set and other AFECTO_GATEWAY_ variables are: set it, for example to 2113']);
  const tls = certificateFile === undefined || keyFile === undefined ? null : { certificateFile, keyFile };
  return users.length > 0 && tls === null
    ? E.left([
        'AFECTO_GATEWAY_USERS is set and AFECTO_GATEWAY_TLS_CERT is not: clients send no password over a plain connection',
      ])
    : E.right({ port, users, tls });
};

/**
 * The settings of the server from `AFECTO_…` variables (`architecture.md`, Configuration). Left: one
 * line for each wrong variable, with its value and what is allowed.
 */
export const settingsFromEnvironment = (
  environment: Readonly<Record<string, string | undefined>>,
): E.Either<ReadonlyArray<string>, ServerSettings> => {
  const decoded = Environment.decode(setVariables(environment));
  if (E.isLeft(decoded)) return E.left(decoded.left.map(told));
  const read = decoded.right;
  const gateway = gatewayOf(read);
  if (E.isLeft(gateway)) return gateway;
  const store = read.AFECTO_EVENT_STORE ?? 'sqlite:./data/afecto.db';
  const fixed = read.AFECTO_CLOCK;
  return E.right({
    host: read.AFECTO_HOST ?? '127.0.0.1',
    port: read.AFECTO_PORT ?? 3_000,
    waitMs: read.AFECTO_WAIT_MS ?? 2_000,
    apiKeys: read.AFECTO_API_KEYS ?? [],
    gateway: gateway.right,
    eventStore: store,
    readModels: read.AFECTO_READ_MODELS ?? besideLog(store, 'read-models'),
    quarantine: read.AFECTO_QUARANTINE ?? besideLog(store, 'quarantine'),
    ...(read.AFECTO_KEY_STORE === undefined ? {} : { keyStore: read.AFECTO_KEY_STORE }),
    ...(read.AFECTO_PERSONAL_READS === undefined ? {} : { personalReads: read.AFECTO_PERSONAL_READS }),
    ...(read.AFECTO_MASTER_KEY_FILE === undefined ? {} : { masterKey: read.AFECTO_MASTER_KEY_FILE }),
    ...(read.AFECTO_SIGNING_KEY === undefined ? {} : { signingKey: read.AFECTO_SIGNING_KEY }),
    checkpoints: {
      events: read.AFECTO_CHECKPOINT_EVENTS ?? DEFAULT_CHECKPOINTS.events,
      seconds: read.AFECTO_CHECKPOINT_SECONDS ?? DEFAULT_CHECKPOINTS.seconds,
    },
    now: fixed === undefined ? Date.now : () => fixed,
  });
};
