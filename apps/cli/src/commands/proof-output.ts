import { writeWhole } from '../export/output-file';
import type { CommandSettings } from '../settings';
import { done, json, type Outcome, unwritten } from './outcome';

/** What a command gives out: a text to keep, what is said of it, and the same for machines. */
export interface Output {
  /** Ends with a newline. */
  readonly text: string;
  /** Said of the file, which it names, or of the text where there is none. */
  readonly told: (file: string) => string;
  readonly shown: object;
}

/** Writes to a file and tells of it, or gives the text itself. */
export const output = async (
  { text, told, shown }: Output,
  out: string | undefined,
  { json: asJson }: Pick<CommandSettings, 'json'>,
): Promise<Outcome> => {
  if (out === undefined) return done(asJson ? json(shown) : text.trimEnd());
  try {
    await writeWhole(out, text);
  } catch (error) {
    return unwritten(error);
  }
  return done(asJson ? json({ ...shown, file: out }) : told(out));
};
