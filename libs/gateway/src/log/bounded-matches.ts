import { createContext, Script } from 'node:vm';

/** Milliseconds that an expression may take over the names of one page. */
const LONGEST = 100;
/** With one of these at most an expression cannot backtrack without bound. */
const BRANCHES = /[*+?{|]/g;

/** A client's regular expression takes too long; it stops that client's call and nobody else. */
export class FilterTooSlowError extends Error {
  override readonly name = 'FilterTooSlowError';
  constructor({ source }: RegExp) {
    super(`The filter's regular expression '${source}' takes longer than ${LONGEST} ms over one page of names.`);
  }
}

const isTimeout = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';

const run = new Script('run()');
/** Making one for every call would cost a millisecond. */
const context: { run: () => void } = { run: () => undefined };
createContext(context);

/**
 * The values that match. A regular expression comes from a client, and one that backtracks (`^(x+)+$`) would
 * stop the whole process; so all but the simplest run under a time limit, which costs about 0.1 ms a call.
 *
 * @throws FilterTooSlowError
 */
export const boundedMatches = (regex: RegExp, values: ReadonlyArray<string>): ReadonlySet<string> => {
  const matches = new Set<string>();
  const match = (): void => {
    for (const value of values) {
      // A global or sticky expression remembers where it stopped.
      regex.lastIndex = 0;
      if (regex.test(value)) matches.add(value);
    }
  };
  if ((regex.source.match(BRANCHES) ?? []).length <= 1) {
    match();
    return matches;
  }
  try {
    context.run = match;
    run.runInContext(context, { timeout: LONGEST });
  } catch (error) {
    throw isTimeout(error) ? new FilterTooSlowError(regex) : error;
  }
  return matches;
};
