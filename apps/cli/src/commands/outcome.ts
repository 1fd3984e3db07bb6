import { addShownProfile, type Shown } from '@afecto/application';
import type { Profile360 } from '@afecto/projections';
import { OutputError } from '../export/output-file';

/** How a command of the command line ended: printed by `main`, so that commands stay testable. */
export interface Outcome {
  /** What was asked for; for standard output. */
  readonly text: string;
  /** Why it was not done; for standard error, or as `{"error": …}` on standard output with `--json`. */
  readonly error?: string;
  /** Standard output has the lines that were asked for: nothing else is printed there. */
  readonly isWritten?: true;
  /** Whose personal data the text shows: that is put on record before it is printed (`domain.md §17.8`). */
  readonly shows?: Shown;
  /** 0 done, 1 something in it was refused, differs or does not exist, 2 it could not begin, 130 interrupted. */
  readonly exitCode: 0 | 1 | 2 | 130;
}

export const done = (text: string): Outcome => ({ text, exitCode: 0 });
/** What shows something personal. */
export const showing = (shows: Shown, outcome: Outcome): Outcome =>
  shows.size === 0 ? outcome : { ...outcome, shows };
/** What shows the profile of a customer. */
export const showingProfile = (profile: Profile360, outcome: Outcome): Outcome => {
  const shown: Shown = new Map();
  addShownProfile(shown, profile.partyId, profile);
  return showing(shown, outcome);
};
/** The work ended, but something in it was refused or differs: the text says what. */
export const refused = (text: string): Outcome => ({ text, exitCode: 1 });
/** What was asked for does not exist, or a rule forbids it. */
export const denied = (error: string): Outcome => ({ text: '', error, exitCode: 1 });
/** The work could not begin. */
export const failed = (error: string): Outcome => ({ text: '', error, exitCode: 2 });
/** A file could not be written; any other error is thrown on. */
export const unwritten = (error: unknown): Outcome => {
  if (!(error instanceof OutputError)) throw error;
  return failed(error.message);
};
/** Ctrl-C or a polite kill; the text says what is left and how to go on. */
export const interrupted = (error: string, text = ''): Outcome => ({ text, error, exitCode: 130 });

export const json = (value: unknown): string =>
  JSON.stringify(value, (_key, field: unknown) => (typeof field === 'bigint' ? field.toString() : field), 2);
