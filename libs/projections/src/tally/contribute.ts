import type { Evidence, Instant, Policy, Standing } from '@afecto/domain';

/** A customer as the figures of all see it: at its last evaluation. */
export interface Counted {
  readonly evidence: Evidence;
  readonly standing: Standing;
  readonly policy: Policy;
  /** When it was evaluated last; what depends on time alone is a reason for an evaluation. */
  readonly asOf: Instant;
}

/**
 * Counts one more (or `by` more, a whole number, also negative) under a key in a bucket. Buckets are
 * whole numbers on an axis of the key's own: a day, a month, milliseconds, minor units.
 */
export type Count = (key: string, bucket: number, by?: number) => void;

/**
 * What one customer adds to the figures of a report. It must follow from the customer alone, the same
 * every time; whatever changes with time alone must change at an instant at which it is evaluated.
 */
export type Contribute = (customer: Counted, count: Count) => void;

const BETWEEN = '|';
const ESCAPED = /[~|]/;

const partOf = (part: string | number): string | number =>
  typeof part === 'string' && ESCAPED.test(part) ? part.replaceAll('~', '~0').replaceAll(BETWEEN, '~1') : part;

/** A part of keys that were made, by the parts before it. */
interface Made {
  key: string | null;
  readonly further: Map<string | number, Made>;
}

/** Keys remembered; there are about a thousand for each year of a log. */
const MOST_MADE = 200_000;
let made = new Map<string | number, Made>();
let count = 0;

const find = (further: Map<string | number, Made>, part: string | number): Made => {
  const known = further.get(part);
  if (known !== undefined) return known;
  const begun: Made = { key: null, further: new Map() };
  further.set(part, begun);
  count += 1;
  return begun;
};

/**
 * The key of what is counted: a report's name and what tells its figures apart. The same parts give the
 * same string object, so that a customer's hundreds of keys are neither made nor hashed again and again.
 */
export const keyOf = (report: string, ...parts: ReadonlyArray<string | number>): string => {
  if (count > MOST_MADE) {
    made = new Map();
    count = 0;
  }
  let place = find(made, report);
  for (const part of parts) place = find(place.further, part);
  return (place.key ??= [report, ...parts.map(partOf)].join(BETWEEN));
};

/** The beginning of all keys whose first parts are these. */
export const prefixOf = (report: string, ...parts: ReadonlyArray<string | number>): string =>
  keyOf(report, ...parts) + BETWEEN;

/** The parts of a key after the report's name. */
export const partsOf = (key: string): ReadonlyArray<string> =>
  key
    .split(BETWEEN)
    .slice(1)
    .map((part) => part.replaceAll('~1', BETWEEN).replaceAll('~0', '~'));
