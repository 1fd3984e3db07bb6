import { type Instant, isInstant } from '@afecto/domain';
import { besideLog, setVariables, type Settings, sharedPlace } from '@afecto/application';
import { parseStoreUrl } from '@afecto/event-store';
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

/** The settings of a command line: an option, else the environment variable that is not empty, else the default. */
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

/** Left: a message that names the option or the variable, the value and what is allowed. */
export const settingsOf = (
  options: GlobalOptions,
  environment: NodeJS.ProcessEnv = process.env,
): E.Either<string, CommandSettings> => {
  const set = setVariables(environment);
  const eventStore = options.store ?? set['AFECTO_EVENT_STORE'] ?? 'sqlite:./data/afecto.db';
  const location = parseStoreUrl(eventStore);
  if (E.isLeft(location))
    return E.left(`${options.store === undefined ? 'AFECTO_EVENT_STORE' : '--store'}: ${location.left.message}`);
  const clock = instant(options.clock === undefined ? 'AFECTO_CLOCK' : '--clock', options.clock ?? set['AFECTO_CLOCK']);
  const asOf = instant('--as-of', options.asOf);
  const knownAt = instant('--known-at', options.knownAt);
  if (E.isLeft(clock)) return clock;
  if (E.isLeft(asOf)) return asOf;
  if (E.isLeft(knownAt)) return knownAt;
  const fixed = clock.right;
  const settings: CommandSettings = {
    eventStore,
    readModels: options.readModels ?? set['AFECTO_READ_MODELS'] ?? besideLog(eventStore, 'read-models'),
    quarantine: set['AFECTO_QUARANTINE'] ?? besideLog(eventStore, 'quarantine'),
    ...(set['AFECTO_KEY_STORE'] === undefined ? {} : { keyStore: set['AFECTO_KEY_STORE'] }),
    ...(set['AFECTO_MASTER_KEY_FILE'] === undefined ? {} : { masterKey: set['AFECTO_MASTER_KEY_FILE'] }),
    ...(set['AFECTO_SIGNING_KEY'] === undefined ? {} : { signingKey: set['AFECTO_SIGNING_KEY'] }),
    ...(set['AFECTO_PERSONAL_READS'] === undefined ? {} : { personalReads: set['AFECTO_PERSONAL_READS'] }),
    now: fixed === undefined ? Date.now : () => fixed,
    json: options.json === true,
    ...(options.reason === undefined ? {} : { reason: options.reason }),
    ...(asOf.right === undefined ? {} : { asOf: asOf.right }),
    ...(knownAt.right === undefined ? {} : { knownAt: knownAt.right }),
  };
  const shared = sharedPlace(settings);
  return shared === null ? E.right(settings) : E.left(shared);
};
