/** How a command of the command line ended: printed by `main`, so that commands stay testable. */
export interface Outcome {
  /** For standard output. */
  readonly text: string;
  readonly exitCode: 0 | 1 | 2;
}

export const done = (text: string): Outcome => ({ text, exitCode: 0 });
/** The work ended, but something in it was refused or differs. */
export const refused = (text: string): Outcome => ({ text, exitCode: 1 });
/** The work could not begin. */
export const failed = (text: string): Outcome => ({ text, exitCode: 2 });

export const json = (value: unknown): string =>
  JSON.stringify(value, (_key, field: unknown) => (typeof field === 'bigint' ? field.toString() : field), 2);
