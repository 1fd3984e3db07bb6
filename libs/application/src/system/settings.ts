import type { Instant } from '@afecto/domain';

/** What a running Afecto needs to know; the apps read it from the environment or from their arguments. */
export interface Settings {
  /** `sqlite:PATH` or `esdb://…`. */
  readonly eventStore: string;
  /** Path of the read-model file. */
  readonly readModels: string;
  /** Path of the quarantine file. */
  readonly quarantine: string;
  /** The one clock. */
  readonly now: () => Instant;
}

/** The log of a server has no place here; what belongs to it lies where an embedded log would. */
const DEFAULT_LOG = './data/afecto.db';

/** Beside the log, under its name: `afecto.db` → `afecto.read-models.db`. */
export const besideLog = (eventStore: string, what: 'read-models' | 'quarantine'): string =>
  (eventStore.startsWith('sqlite:') ? eventStore.replace(/^sqlite:(\/\/)?/, '') : DEFAULT_LOG).replace(
    /(\.db)?$/,
    `.${what}.db`,
  );

/** Beside the read models, under their name: what is kept here of a log on a server, or laid aside while they are built. */
export const besideReadModels = (readModels: string, what: 'log-copy' | 'ids' | 'build' | 'rebuild'): string =>
  readModels.replace(/(\.read-models)?(\.db)?$/, `.${what}.db`);
