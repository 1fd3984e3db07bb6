import type { Instant } from '@afecto/domain';
import type { KeyFiles } from '@afecto/privacy';

/** What a running Afecto needs to know; the apps read it from the environment or from their arguments. */
export interface Settings {
  /** `sqlite:PATH` or `esdb://…`. */
  readonly eventStore: string;
  /** Path of the read-model file. */
  readonly readModels: string;
  /** Path of the quarantine file. */
  readonly quarantine: string;
  /** Path of the key store; default beside an embedded log, else beside the read models. */
  readonly keyStore?: string;
  /** Path of the master key that wraps the keys; default beside the key store. */
  readonly masterKey?: string;
  /** Path of the key that signs checkpoints; default beside an embedded log, else beside the read models. */
  readonly signingKey?: string;
  /** Path of the record of who was shown personal data; default beside the key store. */
  readonly personalReads?: string;
  /** The one clock. */
  readonly now: () => Instant;
}

/** The variables that are set and not empty: an empty one is the way of shells and compose files to say "none". */
export const setVariables = (
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) =>
      value === undefined || value === '' ? [] : [[name, value]],
    ),
  );

/** The log of a server has no place here; what belongs to it lies where an embedded log would. */
const DEFAULT_LOG = './data/afecto.db';

/** Beside the log, under its name: `afecto.db` → `afecto.read-models.db`. */
export const besideLog = (eventStore: string, what: 'read-models' | 'quarantine' | 'keys'): string =>
  (eventStore.startsWith('sqlite:') ? eventStore.replace(/^sqlite:(\/\/)?/, '') : DEFAULT_LOG).replace(
    /(\.db)?$/,
    `.${what}.db`,
  );

/** Beside the read models, under their name: what is kept here of a log on a server, or laid aside while they are built. */
export const besideReadModels = (
  readModels: string,
  what: 'log-copy' | 'ids' | 'build' | 'rebuild' | 'keys' | 'tree',
): string => readModels.replace(/(\.read-models)?(\.db)?$/, `.${what}.db`);

/** Where the keys of personal data are. In production the master key belongs on another disk than the log. */
export const keyFilesOf = ({
  eventStore,
  readModels,
  keyStore = eventStore.startsWith('sqlite:') ? besideLog(eventStore, 'keys') : besideReadModels(readModels, 'keys'),
  masterKey = `${keyStore.replace(/(\.keys)?(\.db)?$/, '')}.master-key`,
}: Pick<Settings, 'eventStore' | 'readModels' | 'keyStore' | 'masterKey'>): KeyFiles => ({ keyStore, masterKey });

/** Where the key is that signs checkpoints of the log. Whoever has it can sign a history that never was. */
export const signingKeyOf = ({
  eventStore,
  readModels,
  signingKey = (eventStore.startsWith('sqlite:')
    ? besideLog(eventStore, 'keys')
    : besideReadModels(readModels, 'keys')
  ).replace(/\.keys\.db$/, '.signing-key.pem'),
}: Pick<Settings, 'eventStore' | 'readModels' | 'signingKey'>): string => signingKey;

/** Where is kept who was shown whose personal data. */
export const personalReadsOf = (settings: Parameters<typeof keyFilesOf>[0] & Pick<Settings, 'personalReads'>): string =>
  settings.personalReads ?? `${keyFilesOf(settings).keyStore.replace(/(\.keys)?(\.db)?$/, '')}.reads.ndjson`;
