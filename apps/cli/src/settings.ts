import { type Instant, isInstant } from '@afecto/domain';
import { besideLog, type Settings } from '@afecto/application';
import * as E from 'fp-ts/Either';

/** Options that every command takes. */
export interface GlobalOptions {
  readonly store?: string;
  readonly readModels?: string;
  readonly clock?: string;
  readonly asOf?: string;
  readonly knownAt?: string;
  readonly json?: boolean;
  readonly reason?: string;
}

/** The settings of a command line: an option, else the environment variable, else the default. */
export interface CommandSettings extends Settings {
  readonly asOf?: Instant;
  readonly knownAt?: Instant;
  readonly json: boolean;
  /** What personal data are read for; it goes on record with them. */
  readonly reason?: string;
}

const instant = (name: string, text: string | undefined): E.Either<string, Instant | undefined> => {
  if (text === undefined) return E.right(undefined);
  if (isInstant(text)) return E.right(Date.parse(text));
  return E.left(`${name} must be an RFC 3339 UTC instant such as 2026-01-31T09:30:00Z; got "${text}"`);
};

/** Left: a message that names the option, the value and what is allowed. */
export const settingsOf = (
  options: GlobalOptions,
  environment: NodeJS.ProcessEnv = process.env,
): E.Either<string, CommandSettings> => {
  const eventStore = options.store ?? environment['AFECTO_EVENT_STORE'] ?? 'sqlite:./data/afecto.db';
  const clock = instant('--clock', options.clock ?? environment['AFECTO_CLOCK']);
  const asOf = instant('--as-of', options.asOf);
  const knownAt = instant('--known-at', options.knownAt);
  if (E.isLeft(clock)) return clock;
  if (E.isLeft(asOf)) return asOf;
  if (E.isLeft(knownAt)) return knownAt;
  const fixed = clock.right;
  return E.right({
    eventStore,
    readModels: options.readModels ?? environment['AFECTO_READ_MODELS'] ?? besideLog(eventStore, 'read-models'),
    quarantine: environment['AFECTO_QUARANTINE'] ?? besideLog(eventStore, 'quarantine'),
    ...(environment['AFECTO_KEY_STORE'] ? { keyStore: environment['AFECTO_KEY_STORE'] } : {}),
    ...(environment['AFECTO_MASTER_KEY_FILE'] ? { masterKey: environment['AFECTO_MASTER_KEY_FILE'] } : {}),
    ...(environment['AFECTO_SIGNING_KEY'] ? { signingKey: environment['AFECTO_SIGNING_KEY'] } : {}),
    ...(environment['AFECTO_PERSONAL_READS'] ? { personalReads: environment['AFECTO_PERSONAL_READS'] } : {}),
    now: fixed === undefined ? Date.now : () => fixed,
    json: options.json === true,
    ...(options.reason === undefined ? {} : { reason: options.reason }),
    ...(asOf.right === undefined ? {} : { asOf: asOf.right }),
    ...(knownAt.right === undefined ? {} : { knownAt: knownAt.right }),
  });
};
