import type { Json } from '@afecto/domain';
import * as E from 'fp-ts/Either';
import type { Profile360 } from '../profile/profile';
import { type ListRule, profileRules, type Rule } from './rules';

/** One field of the profile, or a part of one. */
export interface Field {
  /** JSON Pointer (RFC 6901) into the profile as it is now. */
  readonly pointer: string;
  readonly rule: Rule;
  /** Of the entry of a list that this is, or is a part of; null for a whole field. */
  readonly key: string | null;
  /** Undefined: the profile has no such entry. */
  readonly read: (profile: Profile360) => Json | undefined;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isRule = (node: unknown): node is Rule => isRecord(node) && typeof node['section'] === 'string';
const isListRule = (node: Rule): node is ListRule<unknown> => 'key' in node;

const memberOf = (value: unknown, name: string): unknown => {
  if (Array.isArray(value)) return /^\d+$/.test(name) ? value[Number(name)] : undefined;
  return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
};

const without = (value: unknown, left: ReadonlyArray<string>): unknown => {
  if (Array.isArray(value)) return value.map((entry: unknown) => without(entry, left));
  return isRecord(value) ? Object.fromEntries(Object.entries(value).filter(([name]) => !left.includes(name))) : value;
};

/** A profile is made of what JSON can hold, sealed and erased values included. */
const asJson = (value: unknown): Json | undefined => value as Json | undefined;

const fieldsIn = (node: unknown, names: ReadonlyArray<string>): ReadonlyArray<Field> => {
  if (!isRule(node))
    return isRecord(node) ? Object.entries(node).flatMap(([name, inner]) => fieldsIn(inner, [...names, name])) : [];
  const { passing } = node;
  const read = (profile: Profile360): Json | undefined => {
    const value = names.reduce<unknown>(memberOf, profile);
    return asJson(passing === undefined ? value : without(value, passing));
  };
  return [{ pointer: names.map((name) => `/${name}`).join(''), rule: node, key: null, read }];
};

/** All fields of the profile, in its order; a list and what may be null are one field each. */
export const profileFields: ReadonlyArray<Field> = fieldsIn(profileRules, []);

const unescape = (token: string): string => token.replaceAll('~1', '/').replaceAll('~0', '~');

/** A part of a field, followed through the past: an entry of a list stays the same one by its key. */
const partOf = (field: Field, parts: ReadonlyArray<string>, present: Profile360): Field | null => {
  const pointer = [field.pointer, ...parts].join('/');
  const names = field.pointer.slice(1).split('/');
  const whole = (profile: Profile360): unknown => names.reduce<unknown>(memberOf, profile);
  const [first = '', ...rest] = parts;
  const { rule } = field;
  if (!isListRule(rule)) {
    const read = (profile: Profile360) => asJson(parts.reduce<unknown>(memberOf, whole(profile)));
    return read(present) === undefined ? null : { pointer, rule, key: null, read };
  }
  const wanted = memberOf(whole(present), first);
  if (wanted === undefined) return null;
  const key = rule.key(wanted);
  const read = (profile: Profile360): Json | undefined => {
    const entries = whole(profile);
    const entry = Array.isArray(entries) ? entries.find((one: unknown) => rule.key(one) === key) : undefined;
    const part = rest.reduce<unknown>(memberOf, entry);
    return asJson(rest.length > 0 || rule.passing === undefined ? part : without(part, rule.passing));
  };
  return read(present) === undefined ? null : { pointer, rule, key, read };
};

const allowed = (fields: ReadonlyArray<Field>): string => fields.map(({ pointer }) => pointer).join(', ');

/**
 * The field that a name means in a profile: a JSON Pointer, or the last name of one that no other field
 * ends in (`zone` for `/loyalty/zone`). Parts of a field go on from there: `/openItems/0/why`. Left: a
 * message that names what there is.
 */
export const fieldNamed = (name: string, present: Profile360): E.Either<string, Field> => {
  const tokens = name.replace(/^\//, '').split('/').map(unescape);
  const starting = profileFields.find(({ pointer }) => `/${tokens.join('/')}/`.startsWith(`${pointer}/`));
  const inside = profileFields.filter(({ pointer }) => pointer.startsWith(`/${tokens.join('/')}/`));
  if (inside.length > 0) return E.left(`"${name}" is made of ${allowed(inside)}`);
  const [last = ''] = tokens;
  const ending = profileFields.filter(({ pointer }) => pointer.endsWith(`/${last}`));
  const field = starting ?? (ending.length === 1 ? ending[0] : undefined);
  if (field === undefined)
    return E.left(
      ending.length > 1
        ? `"${name}" may be ${allowed(ending)}`
        : `there is no field "${name}"; there are ${allowed(profileFields)}`,
    );
  const parts = tokens.slice(starting === undefined ? 1 : field.pointer.split('/').length - 1);
  if (parts.length === 0) return E.right(field);
  const part = partOf(field, parts, present);
  return part === null
    ? E.left(`the profile has no ${[field.pointer, ...parts].join('/')} now; ask for ${field.pointer}`)
    : E.right(part);
};
