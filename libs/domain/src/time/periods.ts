import { type Instant, NEVER } from './calendar';

/** The half-open interval [validFrom, validTo); null while nothing known ends it. */
export interface Period {
  readonly validFrom: Instant;
  readonly validTo: Instant | null;
}

/** Whether the two have an instant in common; they may meet. */
export const overlap = (one: Period, other: Period): boolean =>
  one.validFrom < (other.validTo ?? NEVER) && other.validFrom < (one.validTo ?? NEVER);

/** Whether a statement is about a known period of the same thing: it has its start, or overlaps it. */
export const isAbout = (stated: Period, known: Period): boolean =>
  stated.validFrom === known.validFrom || overlap(stated, known);

/**
 * The periods of roles or bonds with one more statement. Those of one thing never overlap (`domain.md
 * §3`), and issuing it again ends it (§8.1): so a statement about a known period moves its end, and its
 * start if it names an earlier one; if it is about several, they are one. Any other is a period of its own.
 */
export const withPeriod = <P extends Period>(
  periods: ReadonlyArray<P>,
  stated: P,
  isSame: (known: P) => boolean,
  restated: (known: P) => P = (known) => known,
): ReadonlyArray<P> => {
  const about = periods.filter((known) => isSame(known) && isAbout(stated, known));
  const [first] = about;
  if (first === undefined) return [...periods, stated];
  const validFrom = about.reduce((earliest, known) => Math.min(earliest, known.validFrom), stated.validFrom);
  const one = { ...restated(first), validFrom, validTo: stated.validTo };
  return periods.flatMap((known) => (known === first ? [one] : about.includes(known) ? [] : [known]));
};
