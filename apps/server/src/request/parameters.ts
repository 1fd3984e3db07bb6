import { isCursor } from '@afecto/application';
import type { Instant } from '@afecto/domain';
import { quoted } from '../problem/problem';
import { AN_INSTANT, readInstant } from './instant';

/** What the OpenAPI document says about a value. */
export interface ParameterSchema {
  readonly type: 'string' | 'integer' | 'boolean' | 'array';
  readonly format?: string;
  readonly pattern?: string;
  readonly enum?: string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly default?: number | string;
  readonly items?: { readonly type: 'string'; readonly enum?: string[] };
}

/** One query parameter: how it is read, what is allowed, and how it is documented. */
export interface Parameter<A> {
  readonly allowed: string;
  readonly description: string;
  readonly schema: ParameterSchema;
  /** Null: not allowed. */
  readonly read: (text: string) => A | null;
  /** Used when the caller says nothing; without it the parameter is simply absent. */
  readonly fallback?: A;
}

export const instantParameter = (description: string): Parameter<Instant> => ({
  allowed: AN_INSTANT,
  description,
  schema: { type: 'string', format: 'date-time' },
  read: readInstant,
});

const MAX_POSITION = 2n ** 63n - 1n;

/** A position of the log: a whole number from 0, as a string (`interfaces.md`, Conventions). */
export const readPosition = (text: string): bigint | null => {
  if (!/^\d{1,19}$/.test(text)) return null;
  const position = BigInt(text);
  return position <= MAX_POSITION ? position : null;
};

export const positionParameter = (description: string): Parameter<bigint> => ({
  allowed: 'a position of the log: digits',
  description,
  schema: { type: 'string', pattern: '^[0-9]{1,19}$' },
  read: readPosition,
});

export const DEFAULT_LIMIT = 50;
export const MAX_LIMIT = 1_000;

export const limitParameter: Parameter<number> & { readonly fallback: number } = {
  allowed: `a whole number 1..${MAX_LIMIT}`,
  description: 'Entries on a page',
  schema: { type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT },
  read: (text) => {
    const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0;
    return limit >= 1 && limit <= MAX_LIMIT ? limit : null;
  },
  fallback: DEFAULT_LIMIT,
};

export const oneOfParameter = <const V extends string>(
  values: ReadonlyArray<V>,
  description: string,
): Parameter<V> => ({
  allowed: `one of ${values.join(', ')}`,
  description,
  schema: { type: 'string', enum: [...values] },
  read: (text) => values.find((value) => value === text) ?? null,
});

/** Values separated by commas, each at most once. */
export const listParameter = <const V extends string>(
  values: ReadonlyArray<V>,
  description: string,
): Parameter<ReadonlyArray<V>> => ({
  allowed: `one or more of ${values.join(', ')}, separated by commas`,
  description,
  schema: { type: 'array', items: { type: 'string', enum: [...values] } },
  read: (text) => {
    const chosen = text.split(',').map((part) => values.find((value) => value === part));
    const known = chosen.filter((value) => value !== undefined);
    return known.length === chosen.length && new Set(known).size === known.length ? known : null;
  },
});

export const textParameter = (maxLength: number, description: string): Parameter<string> => ({
  allowed: `a text of 1..${maxLength} characters`,
  description,
  schema: { type: 'string', minLength: 1, maxLength },
  read: (text) => (text.length >= 1 && text.length <= maxLength && text.isWellFormed() ? text : null),
});

const ID = /^[A-Za-z0-9_-]{1,64}$/;
export const ID_PATTERN = ID.source;
export const AN_ID = 'an id of 1..64 characters A-Z a-z 0-9 _ -';
/** Opaque identifier (`domain.md §1`, Types). */
export const isIdText = (text: string): boolean => ID.test(text);

export const idParameter = (description: string): Parameter<string> => ({
  allowed: AN_ID,
  description,
  schema: { type: 'string', pattern: ID_PATTERN },
  read: (text) => (isIdText(text) ? text : null),
});

/**
 * Where a page ended. Opaque to callers, and marked with the list it belongs to, so that the cursor
 * of one list is not taken for a place in another.
 */
export const cursors = (list: string) => {
  const prefix = `${list}.`;
  return {
    give: (next: string | null): string | null => (next === null ? null : prefix + next),
    parameter: {
      allowed: 'the `next` of an earlier page of this list',
      description: 'Cursor: `next` of the page before',
      schema: { type: 'string' },
      read: (text) => {
        const cursor = text.slice(prefix.length);
        return text.startsWith(prefix) && isCursor(cursor) ? cursor : null;
      },
    } satisfies Parameter<string>,
  };
};

/** `got "x"` for messages; what came may be anything. */
export const got = (value: unknown): string => (typeof value === 'string' ? quoted(value) : 'it more than once');
