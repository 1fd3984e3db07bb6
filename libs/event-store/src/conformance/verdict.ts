import { inspect, isDeepStrictEqual } from 'node:util';
import type { Capabilities, ConformanceCase, Subject, Verdict } from './subject';

/** A case fails by throwing this inside `promise`; the suite knows no test runner. */
class Difference extends Error {
  constructor(
    readonly expected: string,
    readonly came: string,
  ) {
    super(`expected ${expected}, came ${came}`);
  }
}

const LONGEST_TEXT = 600;

const shown = (value: unknown): string => {
  const text = inspect(value, { depth: 6, breakLength: Infinity, maxArrayLength: 20, maxStringLength: 120 });
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
};

/** Both must be equal through and through; `what` names the value in the report. */
export const same = (what: string, came: unknown, expected: unknown): void => {
  if (!isDeepStrictEqual(came, expected)) throw new Difference(`${what}: ${shown(expected)}`, shown(came));
};

/** `expected` says in words what holds. */
export const holds = (expected: string, condition: boolean, came: unknown): void => {
  if (!condition) throw new Difference(expected, shown(came));
};

/** Ends a wait that the store under test may never end. */
const WAIT_MS = 30_000;

const inTime = async <A>(work: Promise<A>): Promise<A> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Difference(`an end within ${WAIT_MS / 1_000} s`, 'nothing: it hangs')),
      WAIT_MS,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};

/** A case from a body that compares with `same` and `holds`. An exception of the store is a difference. */
export const promise = (
  area: string,
  name: string,
  body: (subject: Subject) => Promise<void>,
  needs?: keyof Capabilities,
): ConformanceCase => ({
  area,
  name,
  run: async (subject): Promise<Verdict> => {
    if (needs !== undefined && subject.capabilities[needs] === false) return { kind: 'notOffered', capability: needs };
    try {
      await inTime(body(subject));
      return { kind: 'held' };
    } catch (error) {
      if (error instanceof Difference) return { kind: 'differs', expected: error.expected, came: error.came };
      return {
        kind: 'differs',
        expected: 'an answer',
        came: error instanceof Error ? String(error.stack) : shown(error),
      };
    }
  },
});
