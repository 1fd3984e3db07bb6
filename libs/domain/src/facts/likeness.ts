import type * as t from 'io-ts';
import { type AnyCodec, boolean, Codec, type Fields, MAX_STRING, real, string } from './codec';
import { isRecord, list, record } from './structure';

const MAX_ELEMENTS = 10_000;
const anyString = string(0, MAX_STRING);

/** A codec of a member whose structure the sample cannot show, by JSON Pointer. */
export type Exceptions = Readonly<Record<string, AnyCodec>>;

const listLike = (sample: ReadonlyArray<unknown>, path: string, exceptions: Exceptions): AnyCodec => {
  const [first] = sample;
  if (first === undefined) return list(anyString, 0, MAX_ELEMENTS);
  /** A list of numbers is read by place (stars, points of a scale, severities): its length is part of the shape. */
  if (typeof first === 'number') return list(real, sample.length, sample.length);
  if (typeof first === 'string') return list(anyString, 0, MAX_ELEMENTS);
  return list(codecLike(first, `${path}/*`, exceptions), 1, MAX_ELEMENTS);
};

const codecLike = (sample: unknown, path: string, exceptions: Exceptions): AnyCodec => {
  const exception = exceptions[path];
  if (exception) return exception;
  if (typeof sample === 'number') return real;
  if (typeof sample === 'string') return anyString;
  if (typeof sample === 'boolean') return boolean;
  if (Array.isArray(sample)) return listLike(sample, path, exceptions);
  if (isRecord(sample)) {
    const fields: Fields = Object.fromEntries(
      Object.entries(sample).map(([key, member]) => [key, codecLike(member, `${path}/${key}`, exceptions)]),
    );
    return record(fields);
  }
  throw new Error(`the sample has no JSON structure at ${path}`);
};

/**
 * The codec of all documents with the structure of a sample: the same keys, the same primitive
 * types, homogeneous arrays. It saves a second list of the sample's keys. An empty array in the
 * sample stands for a list of strings unless `exceptions` says otherwise.
 */
export const documentLike = <A>(sample: A, exceptions: Exceptions = {}): Codec<A> => {
  const { name, is, validate, shape }: t.Mixed & AnyCodec = codecLike(sample, '', exceptions);
  return new Codec<A>(name, (value): value is A => is(value), validate, shape);
};
