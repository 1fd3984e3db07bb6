import * as E from 'fp-ts/Either';
import type * as t from 'io-ts';
import type { AnyCodec, Fields } from './codec';
import { isErased, isRecord, isSealed } from './structure';

/** What is wrong with one field. */
export interface FieldError {
  /** JSON Pointer (RFC 6901) of the field; '' is the whole document. */
  readonly path: string;
  /** Says what is allowed and what came, cut to 100 characters; personal values are never repeated. */
  readonly message: string;
}

const escape = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

/** JSON Pointer of a sequence of keys. */
export const pointer = (keys: ReadonlyArray<string>): string => keys.map((key) => `/${escape(key)}`).join('');

/** The value as it is named in a message, cut to 100 characters. */
export const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 100 ? `${text.slice(0, 99).toWellFormed()}…` : text;
};

const described = (value: unknown): string => {
  if (value === null) return 'null';
  if (typeof value === 'string') return `a string of ${value.length} characters`;
  return Array.isArray(value) ? `an array of ${value.length} elements` : `a value of type ${typeof value}`;
};

const children = (codec: AnyCodec): ReadonlyArray<readonly [string, AnyCodec]> => {
  const { shape } = codec;
  switch (shape.kind) {
    case 'record':
      return [...Object.entries(shape.required), ...Object.entries(shape.optional)];
    case 'list':
    case 'dictionary':
      return [['*', shape.element]];
    case 'nullable':
      return children(shape.inner);
    default:
      return [];
  }
};

const personalKeys = (codec: AnyCodec): ReadonlyArray<ReadonlyArray<string>> =>
  codec.isPersonal
    ? [[]]
    : children(codec).flatMap(([key, child]) => personalKeys(child).map((keys) => [key, ...keys]));

/** Pointers of all personal fields of a codec; `*` stands for every element of an array. */
export const personalPaths = (codec: AnyCodec): ReadonlyArray<string> => personalKeys(codec).map(pointer);

const isCodec = (type: unknown): type is AnyCodec => isRecord(type) && 'shape' in type && 'isPersonal' in type;

const hidesValue = (context: t.Context): boolean =>
  context.slice(1).some(({ type }) => isCodec(type) && type.isPersonal) ||
  context.slice(-1).some(({ type }) => isCodec(type) && personalKeys(type).length > 0);

const toFieldError = ({ value, context, message }: t.ValidationError): FieldError => {
  const path = pointer(context.slice(1).map(({ key }) => key));
  const allowed = message ?? `must be ${context[context.length - 1]?.type.name ?? 'valid'}`;
  if (value === undefined) return { path, message: message ?? `is missing; ${allowed}` };
  if (value === null) return { path, message: `${allowed}; got null (leave an unknown field out)` };
  return { path, message: `${allowed}; got ${hidesValue(context) ? described(value) : shown(value)}` };
};

const fieldOf = (fields: Fields, key: string): AnyCodec | undefined =>
  Object.hasOwn(fields, key) ? fields[key] : undefined;

/** Adds what only the doors refuse: fields that the codec does not name, and sealed values. */
const strictErrors = (codec: AnyCodec, value: unknown, keys: ReadonlyArray<string>, errors: FieldError[]): void => {
  if (typeof value !== 'object' || value === null) return;
  if (codec.isPersonal && isErased(value)) return;
  if (codec.isPersonal && isSealed(value)) {
    errors.push({ path: pointer(keys), message: `must be ${codec.name}; got a sealed value` });
    return;
  }
  const { shape } = codec;
  if (shape.kind === 'nullable') {
    strictErrors(shape.inner, value, keys, errors);
  } else if (shape.kind === 'list' && Array.isArray(value)) {
    value.forEach((member: unknown, index) => strictErrors(shape.element, member, [...keys, String(index)], errors));
  } else if (shape.kind === 'dictionary' && isRecord(value)) {
    for (const key of Object.keys(value)) strictErrors(shape.element, value[key], [...keys, key], errors);
  } else if (shape.kind === 'record' && isRecord(value)) {
    for (const key of Object.keys(value)) {
      const child = fieldOf(shape.required, key) ?? fieldOf(shape.optional, key);
      if (child) strictErrors(child, value[key], [...keys, key], errors);
      else {
        const known = [...Object.keys(shape.required), ...Object.keys(shape.optional)].join(', ');
        errors.push({ path: pointer([...keys, key]), message: `is an unknown field; allowed are ${known}` });
      }
    }
  }
};

/** Decodes as the log is read: unknown fields are kept, hidden personal values are allowed. All errors are reported. */
export const decodeLenient = <A>(
  codec: t.Type<A, A, unknown> & AnyCodec,
  value: unknown,
): E.Either<ReadonlyArray<FieldError>, A> => {
  const result = codec.decode(value);
  return E.isLeft(result) ? E.left(result.left.map(toFieldError)) : result;
};

/** Decodes as the doors do: an unknown field is an error of its own. All errors are reported. */
export const decodeStrict = <A>(
  codec: t.Type<A, A, unknown> & AnyCodec,
  value: unknown,
): E.Either<ReadonlyArray<FieldError>, A> => {
  const result = decodeLenient(codec, value);
  const unknown: FieldError[] = [];
  strictErrors(codec, value, [], unknown);
  if (E.isLeft(result)) return E.left([...result.left, ...unknown]);
  return unknown.length > 0 ? E.left(unknown) : result;
};

/** The errors of a part, seen from the whole document. */
export const under = (path: string, errors: ReadonlyArray<FieldError>): ReadonlyArray<FieldError> =>
  errors.map((error) => ({ path: path + error.path, message: error.message }));
