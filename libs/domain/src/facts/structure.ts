import * as E from 'fp-ts/Either';
import * as t from 'io-ts';
import { type AnyCodec, Codec, type Fields, type PersonalMark, type Shape } from './codec';

type Flat<T> = { readonly [K in keyof T]: T[K] };
/** The type of a record: required fields, and optional ones that are left out rather than null. */
export type RecordOf<R extends Fields, O extends Fields> = Flat<
  { readonly [K in keyof R]: t.TypeOf<R[K]> } & { readonly [K in keyof O]?: t.TypeOf<O[K]> }
>;
export type JsonRecord = Readonly<Record<string, unknown>>;

export const isRecord = (value: unknown): value is JsonRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const decides =
  <A>(validate: t.Validate<unknown, A>): t.Is<A> =>
  (value): value is A =>
    E.isRight(validate(value, []));

const CONTAINERS: ReadonlySet<Shape['kind']> = new Set(['record', 'list', 'dictionary', 'nullable']);

/** Checks one member and adds its errors to `errors`. */
const check = (codec: AnyCodec, value: unknown, key: string, context: t.Context, errors: t.Errors): void => {
  // A scalar that is right needs no context, and nearly all are right: this halves the time of the door.
  if (!CONTAINERS.has(codec.shape.kind) && codec.is(value)) return;
  const result = codec.validate(value, t.appendContext(context, key, codec, value));
  if (E.isLeft(result)) errors.push(...result.left);
};

/** A record that was checked field by field keeps its identity: what was decoded is what came in. */
const outcome = <A>(value: unknown, errors: t.Errors): t.Validation<A> =>
  errors.length > 0 ? t.failures(errors) : t.success(value as A);

/**
 * A JSON object with these fields. Fields that it does not name are kept and not reported: that is
 * how the log is read. The doors report them through `decodeStrict` (`domain.md §14.1`, bounds).
 */
export const record = <R extends Fields, O extends Fields = Record<never, never>>(
  required: R,
  optional?: O,
): Codec<RecordOf<R, O>> => {
  const needed = Object.entries<AnyCodec>(required);
  const possible = Object.entries<AnyCodec>(optional ?? {});
  const validate: t.Validate<unknown, RecordOf<R, O>> = (value, context) => {
    if (!isRecord(value)) return t.failure(value, context);
    const errors: t.Errors = [];
    for (const [key, codec] of needed) check(codec, value[key], key, context, errors);
    for (const [key, codec] of possible) {
      const member = value[key];
      if (member !== undefined) check(codec, member, key, context, errors);
    }
    return outcome(value, errors);
  };
  return new Codec('an object', decides(validate), validate, { kind: 'record', required, optional: optional ?? {} });
};

/** An array of `min`..`max` elements. */
export const list = <A>(element: Codec<A>, min: number, max: number): Codec<ReadonlyArray<A>> => {
  const validate: t.Validate<unknown, ReadonlyArray<A>> = (value, context) => {
    if (!Array.isArray(value) || value.length < min || value.length > max) return t.failure(value, context);
    const errors: t.Errors = [];
    value.forEach((member: unknown, index) => check(element, member, String(index), context, errors));
    return outcome(value, errors);
  };
  const allowed = min === max ? `an array of ${min} elements` : `an array of ${min}..${max} elements`;
  return new Codec(allowed, decides(validate), validate, { kind: 'list', element, min, max });
};

const DICTIONARY_KEY = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;

/** A JSON object with up to `max` keys of the sender's choice (letters, digits, `_`) and one kind of value. */
export const dictionary = <A>(element: Codec<A>, max: number): Codec<Readonly<Record<string, A>>> => {
  const validate: t.Validate<unknown, Readonly<Record<string, A>>> = (value, context) => {
    if (!isRecord(value) || Object.keys(value).length > max) return t.failure(value, context);
    const errors: t.Errors = [];
    for (const [key, member] of Object.entries(value)) {
      if (DICTIONARY_KEY.test(key)) check(element, member, key, context, errors);
      else errors.push(failureAt([key], 'is not a key of 1..64 letters, digits and _', value, context));
    }
    return outcome(value, errors);
  };
  return new Codec(`an object of at most ${max} keys`, decides(validate), validate, {
    kind: 'dictionary',
    element,
    max,
  });
};

/** The value or an explicit null, where the catalogue gives null a meaning ("no such cut"). */
export const nullable = <A>(inner: Codec<A>): Codec<A | null> => {
  const validate: t.Validate<unknown, A | null> = (value, context) =>
    value === null ? t.success(null) : inner.validate(value, context);
  return new Codec(`${inner.name}, or null`, decides(validate), validate, { kind: 'nullable', inner });
};

const failureAt = (
  path: ReadonlyArray<string>,
  message: string,
  value: unknown,
  context: t.Context,
): t.ValidationError => {
  let inner = context;
  let member = value;
  for (const key of path) {
    member = isRecord(member) ? member[key] : undefined;
    inner = t.appendContext(inner, key, t.unknown, member);
  }
  return { value: member, context: inner, message };
};

/** A rule about the shape of several fields: where it is broken and what is allowed, or null. */
export type ShapeRule<A> = (value: A) => { readonly field: string; readonly message: string } | null;

/** The codec with rules that look at several fields; they run once every field is right by itself. */
export const refine = <A>(codec: Codec<A>, ...rules: ReadonlyArray<ShapeRule<A>>): Codec<A> => {
  const validate: t.Validate<unknown, A> = (value, context) => {
    const result = codec.validate(value, context);
    if (E.isLeft(result)) return result;
    const errors: t.Errors = [];
    for (const rule of rules) {
      const broken = rule(result.right);
      if (broken) errors.push(failureAt([broken.field], broken.message, value, context));
    }
    return outcome(value, errors);
  };
  return new Codec(codec.name, decides(validate), validate, codec.shape, codec.personal);
};

/** A personal value as the log keeps it: AES-256-GCM under the subject's key (`domain.md §17.2`). */
export type SealedValue = {
  readonly kid: string;
  readonly nonce: string;
  readonly ct: string;
  readonly tag: string;
};

export const isSealed = (value: unknown): value is SealedValue =>
  isRecord(value) &&
  Object.keys(value).length === 4 &&
  [value['kid'], value['nonce'], value['ct'], value['tag']].every((part) => typeof part === 'string');

/** What a personal value reads as once its key is destroyed (`domain.md §17.3`). */
export type Erased = { readonly erased: true };

export const ERASED: Erased = { erased: true };

export const isErased = (value: unknown): value is Erased =>
  isRecord(value) && value['erased'] === true && Object.keys(value).length === 1;

/** A personal value that nobody can read: erased, or sealed under a key that is not here. */
export type Hidden = Erased | SealedValue;

/** Whether what stands in the place of a personal value hides it. */
export const isHidden = (value: unknown): value is Hidden => isErased(value) || isSealed(value);

/**
 * Marks personal data (`*` in `domain.md §14.1`): names, identifiers and contact points are of the class
 * `identity`, free text is `content`. `about` names the field with the party whom it is about, when that
 * is not the fact's own. In the log a sealed value or `{erased: true}` may stand in its place; at the
 * doors (`decodeStrict`) the plain value or `{erased: true}`, which is how an erased fact goes out.
 */
export const personal = <A>(
  codec: Codec<A>,
  { class: keyClass = 'content', about = null }: Partial<PersonalMark> = {},
): Codec<A | Hidden> => {
  const validate: t.Validate<unknown, A | Hidden> = (value, context) =>
    isHidden(value) ? t.success(value) : codec.validate(value, context);
  const is = (value: unknown): value is A | Hidden => isHidden(value) || codec.is(value);
  return new Codec(codec.name, is, validate, codec.shape, { class: keyClass, about });
};

/** The personal value of a command: those are read at the door, where nothing is hidden. */
export const said = <A>(codec: Codec<A>, mark: Partial<PersonalMark> = {}): Codec<A> =>
  new Codec(codec.name, codec.is, codec.validate, codec.shape, { class: 'content', about: null, ...mark });
