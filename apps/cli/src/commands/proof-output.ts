import { writeFileSync } from 'node:fs';
import type { CommandSettings } from '../settings';
import { done, failed, json, type Outcome } from './outcome';

/** What a command gives out: a text to keep, what is said of it, and the same for machines. */
export interface Output {
  /** Ends with a newline. */
  readonly text: string;
  /** Said of the file, which it names, or of the text where there is none. */
  readonly told: (file: string) => string;
  readonly shown: object;
}

/** Writes to a file and tells of it, or gives the text itself. */
export const output = (
  { text, told, shown }: Output,
  out: string | undefined,
  { json: asJson }: Pick<CommandSettings, 'json'>,
): Outcome => {
  if (out === undefined) return done(asJson ? json(shown) : text.trimEnd());
  try {
    writeFileSync(out, text);
  } catch (error) {
    const why =
      typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
    return failed(`${out} cannot be written: ${why}`);
  }
  return done(asJson ? json({ ...shown, file: out }) : told(out));
};
