import * as t from 'io-ts';
import { isTimeZone } from '../time/calendar';

/**
 * What a codec accepts, as data: the tests, the arbitraries, the list of personal fields and the
 * report of unknown fields all walk this structure, so that no second list of fields exists.
 */
export type Shape =
  | { readonly kind: 'string'; readonly min: number; readonly max: number; readonly mayBeBlank: boolean }
  | { readonly kind: 'pattern'; readonly pattern: PatternName }
  | { readonly kind: 'number'; readonly min: number; readonly max: number; readonly integer: boolean }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'enum'; readonly values: ReadonlyArray<string> }
  | { readonly kind: 'list'; readonly element: AnyCodec; readonly min: number; readonly max: number }
  | { readonly kind: 'dictionary'; readonly element: AnyCodec; readonly max: number }
  | { readonly kind: 'nullable'; readonly inner: AnyCodec }
  | { readonly kind: 'record'; readonly required: Fields; readonly optional: Fields };

export type PatternName =
  'id' | 'itemId' | 'instant' | 'day' | 'dayOrInstant' | 'currency' | 'timeZone' | 'locale' | 'reference';

/** The two keys of a data subject: names, identifiers and contact points; free text (`domain.md §17.2`). */
export const personalClasses = ['identity', 'content'] as const;
export type PersonalClass = (typeof personalClasses)[number];

/** What is personal in a field, and whose it is. */
export interface PersonalMark {
  readonly class: PersonalClass;
  /** Field of the payload that names the party whom the field is about; null: the fact's own party. */
  readonly about: string | null;
}

/** A codec of whatever type, with its structure. */
export type AnyCodec = t.Mixed & {
  readonly shape: Shape;
  readonly isPersonal: boolean;
  readonly personal: PersonalMark | null;
};
export type Fields = Readonly<Record<string, AnyCodec>>;

/**
 * An io-ts codec whose decoded and encoded forms are the same plain JSON, so that what was once
 * decoded and stored can be read back without decoding. `name` says what is allowed.
 */
export class Codec<A> extends t.Type<A, A, unknown> {
  constructor(
    allowed: string,
    is: t.Is<A>,
    validate: t.Validate<unknown, A>,
    readonly shape: Shape,
    /** Personal data (`domain.md §17.1`), encrypted under its subject's key; null: it is none. */
    readonly personal: PersonalMark | null = null,
  ) {
    super(allowed, is, validate, t.identity);
  }

  get isPersonal(): boolean {
    return this.personal !== null;
  }
}

const scalar = <A>(allowed: string, is: t.Is<A>, shape: Shape): Codec<A> =>
  new Codec(allowed, is, (value, context) => (is(value) ? t.success(value) : t.failure(value, context)), shape);

/** Length in Unicode code points compared with `max`, without counting when that is not needed. */
const isLongerThan = (value: string, max: number): boolean => {
  if (value.length <= max) return false;
  if (value.length > 2 * max) return true;
  let points = 0;
  for (const _ of value) points += 1;
  return points > max;
};

/**
 * A string of `min`..`max` Unicode characters (`domain.md §14.1`, bounds). Lone surrogates are
 * refused: they have no UTF-8 form and would not survive encryption or the wire.
 */
export const string = (min: number, max: number): Codec<string> =>
  scalar(
    `a string of ${min}..${max} characters`,
    (value): value is string =>
      typeof value === 'string' && value.length >= min && !isLongerThan(value, max) && value.isWellFormed(),
    { kind: 'string', min, max, mayBeBlank: true },
  );

/** Default bound of a string that is not free text. */
export const MAX_STRING = 2_000;
export const MAX_FREE_TEXT = 10_000;

/** The same with at least one character that is no white space: blanks mean nothing where things are told apart by it. */
export const notBlank = (max: number): Codec<string> => {
  const { is } = string(1, max);
  return scalar(
    `a string of 1..${max} characters that is not blank`,
    (value): value is string => is(value) && value.trim() !== '',
    { kind: 'string', min: 1, max, mayBeBlank: false },
  );
};

/** A code or a short string, 1..2 000 characters. */
export const code = string(1, MAX_STRING);
/** Free text, 0..10 000 characters; always personal (`domain.md §17.1`), so wrap it in `personal`. */
export const freeText = string(0, MAX_FREE_TEXT);

const pattern = (name: PatternName, allowed: string, accepts: (value: string) => boolean): Codec<string> =>
  scalar(allowed, (value): value is string => typeof value === 'string' && accepts(value), {
    kind: 'pattern',
    pattern: name,
  });

const ID = /^[A-Za-z0-9_-]{1,64}$/;
export const isId = (value: string): boolean => ID.test(value);

/** Opaque identifier, `domain.md §1`. */
export const id = pattern('id', 'an id of 1..64 characters A-Z a-z 0-9 _ -', isId);

const ITEM_ID = /^[0-9a-f]{32}$/;
/** Work item id: 32 lower-case hexadecimal digits (`domain.md §11.2`). */
export const itemId = pattern('itemId', '32 hexadecimal digits in lower case', (value) => ITEM_ID.test(value));

const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
/** Printable text of 1..256 characters: no control characters, no lone surrogates. */
export const isReference = (value: string): boolean =>
  value.length > 0 && !isLongerThan(value, 256) && !CONTROL.test(value) && value.isWellFormed();

/** Reference to something outside our id space: an event id, a document of evidence, a policy version. */
export const reference = pattern('reference', 'a string of 1..256 printable characters', isReference);

const DAY = /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const TIME = /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,3})?Z$/;
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether `YYYY-MM-DD` is a day of the proleptic Gregorian calendar. */
export const isDay = (value: string): boolean => {
  const match = DAY.exec(value);
  if (!match) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= (month === 2 && isLeap ? 29 : (DAYS_IN_MONTH[month - 1] ?? 0));
};

/** RFC 3339 in UTC (`Z`), with at most milliseconds, on a day that exists. Leap seconds are refused. */
export const isInstant = (value: string): boolean =>
  value.length <= 24 && value[10] === 'T' && isDay(value.slice(0, 10)) && TIME.test(value.slice(11));

/** RFC 3339 UTC instant kept as a string; `Date.parse` gives the domain's milliseconds. */
export const instant = pattern('instant', 'an RFC 3339 UTC instant such as 2026-01-31T09:30:00.000Z', isInstant);
/** Calendar date in the tenant's time zone. */
export const day = pattern('day', 'a calendar date such as 2026-01-31', isDay);
export const dayOrInstant = pattern(
  'dayOrInstant',
  'a calendar date such as 2026-01-31 or an RFC 3339 UTC instant',
  (value) => isDay(value) || isInstant(value),
);

const CURRENCY = /^[A-Z]{3}$/;
/** ISO 4217 code: three upper-case letters. */
export const currency = pattern('currency', 'an ISO 4217 code of three upper-case letters', (value) =>
  CURRENCY.test(value),
);

const knownZones = new Map<string, boolean>();
/** IANA time zone known to the runtime. Asking the runtime is slow, so answers are kept. */
export const timeZone = pattern('timeZone', 'an IANA time zone such as Europe/Madrid', (value) => {
  if (value.length === 0 || value.length > 64) return false;
  const known = knownZones.get(value);
  if (known !== undefined) return known;
  const answer = isTimeZone(value);
  if (knownZones.size < 2_000) knownZones.set(value, answer);
  return answer;
});

const LOCALE = /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,7}$/;
/** BCP 47 language tag. */
export const locale = pattern('locale', 'a BCP 47 language tag such as es-MX', (value) => LOCALE.test(value));

/** A finite number `min`..`max`. */
export const number = (min: number, max: number): Codec<number> =>
  scalar(
    `a number ${min}..${max}`,
    (value): value is number => typeof value === 'number' && value >= min && value <= max,
    { kind: 'number', min, max, integer: false },
  );

/** An integer `min`..`max` that a double holds exactly. */
export const integer = (min: number, max: number): Codec<number> =>
  scalar(
    `an integer ${min}..${max}`,
    (value): value is number => Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max,
    { kind: 'number', min, max, integer: true },
  );

/** Any finite number. */
export const real = number(-Number.MAX_VALUE, Number.MAX_VALUE);
/** A fraction 0..1. */
export const fraction = number(0, 1);
/** Integer minor units of a currency, 0 or more. */
export const minorUnits = integer(0, Number.MAX_SAFE_INTEGER);
/** Integer minor units of a currency, more than 0. */
export const positiveMinorUnits = integer(1, Number.MAX_SAFE_INTEGER);
/** Integer minor units of a currency, of either sign. */
export const signedMinorUnits = integer(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);

export const boolean: Codec<boolean> = scalar('true or false', (value) => typeof value === 'boolean', {
  kind: 'boolean',
});

/** One of the strings of a constant array. */
export const oneOf = <const V extends string>(values: ReadonlyArray<V>): Codec<V> => {
  const known = new Set<unknown>(values);
  return scalar(`one of ${values.join(', ')}`, (value): value is V => known.has(value), { kind: 'enum', values });
};
