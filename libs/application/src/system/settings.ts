import type { Instant } from '@afecto/domain';

/** What a running Afecto needs to know; the apps read it from the environment or from their arguments. */
export interface Settings {
  /** `sqlite:PATH`. */
  readonly eventStore: string;
  /** Path of the read-model file. */
  readonly readModels: string;
  /** Path of the quarantine file. */
  readonly quarantine: string;
  /** The one clock. */
  readonly now: () => Instant;
}

/** Beside the log, under its name: `afecto.db` → `afecto.read-models.db`. */
export const besideLog = (eventStore: string, what: 'read-models' | 'quarantine'): string =>
  eventStore.replace(/^sqlite:(\/\/)?/, '').replace(/(\.db)?$/, `.${what}.db`);
