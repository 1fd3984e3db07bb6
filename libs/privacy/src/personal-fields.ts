import { type AnyCodec, catalogueEntry, factTypes, isRecord, type PersonalMark, pointer } from '@afecto/domain';

/** A personal field of a payload: where it is, what it holds, and whom it is about. */
export interface PersonalField {
  /** JSON Pointer in the payload. */
  readonly path: string;
  readonly mark: PersonalMark;
  readonly value: unknown;
  readonly subject: string;
}

/** Keys that lead to a personal field; `null` stands for every element of a list. */
interface MarkedKeys {
  readonly keys: ReadonlyArray<string | null>;
  readonly mark: PersonalMark;
}

/** The same with what is known of it before any event comes. */
interface Way extends MarkedKeys {
  readonly first: string | null | undefined;
  /** JSON Pointer, cut where the places in arrays go. */
  readonly pieces: ReadonlyArray<string>;
}

const waysIn = (codec: AnyCodec): ReadonlyArray<MarkedKeys> => {
  if (codec.personal !== null) return [{ keys: [], mark: codec.personal }];
  const { shape } = codec;
  switch (shape.kind) {
    case 'record':
      return [...Object.entries(shape.required), ...Object.entries(shape.optional)].flatMap(([key, child]) =>
        waysIn(child).map(({ keys, mark }) => ({ keys: [key, ...keys], mark })),
      );
    case 'list':
      return waysIn(shape.element).map(({ keys, mark }) => ({ keys: [null, ...keys], mark }));
    case 'dictionary':
      if (waysIn(shape.element).length > 0) throw new Error('keys of the sender lead to no personal field');
      return [];
    case 'nullable':
      return waysIn(shape.inner);
    default:
      return [];
  }
};

const piecesOf = (keys: Way['keys']): ReadonlyArray<string> => {
  const pieces = [''];
  for (const key of keys) {
    const last = pieces.length - 1;
    if (key === null) pieces.splice(last, 1, `${pieces[last]}/`, '');
    else pieces[last] += pointer([key]);
  }
  return pieces;
};

/** By type, from the marks of the codecs: there is no second list of personal fields. */
const waysByType: ReadonlyMap<string, ReadonlyArray<Way>> = new Map(
  factTypes.flatMap((type) => {
    const ways = waysIn(catalogueEntry(type).codec).map(({ keys, mark }): Way => ({
      keys,
      mark,
      first: keys[0],
      pieces: piecesOf(keys),
    }));
    return ways.length === 0 ? [] : [[type, ways] as const];
  }),
);

const NO_WAYS: ReadonlyArray<Way> = [];

/** Whether events of a type have personal fields. */
export const hasPersonalFields = (type: string): boolean => waysByType.has(type);

/** Types with personal fields. */
export const personalTypes: ReadonlyArray<string> = [...waysByType.keys()];

interface EventContent {
  readonly type: string;
  readonly data: unknown;
  readonly metadata: unknown;
}

/** The party whom a fact is about where a field names no better one; null: it names none. */
export const partyOf = ({ data, metadata }: Omit<EventContent, 'type'>): string | null => {
  const own = isRecord(data) ? data['partyId'] : undefined;
  if (typeof own === 'string') return own;
  const subjects = isRecord(metadata) ? metadata['subjects'] : undefined;
  const first: unknown = Array.isArray(subjects) ? subjects[0] : undefined;
  return typeof first === 'string' ? first : null;
};

const subjectOf = ({ about }: PersonalMark, content: Omit<EventContent, 'type'>): string | null => {
  const named = about !== null && isRecord(content.data) ? content.data[about] : undefined;
  return typeof named === 'string' ? named : partyOf(content);
};

/** What takes the place of a field; the same value leaves it. */
export type Replace = (field: PersonalField) => unknown;

/** JSON pointer of what lies at the end of the way, by way of these places in arrays. */
const pathOf = ({ pieces }: Way, places: ReadonlyArray<number>): string => {
  let path = pieces[0] ?? '';
  for (let at = 1; at < pieces.length; at++) path += `${places[at - 1]}${pieces[at]}`;
  return path;
};

/** `at`: how far along the keys the value lies. Every append comes by: nothing is made for what is not there. */
const replacedIn = (
  value: unknown,
  keys: Way['keys'],
  at: number,
  places: ReadonlyArray<number>,
  replace: (value: unknown, places: ReadonlyArray<number>) => unknown,
): unknown => {
  if (at === keys.length) return value === undefined ? value : replace(value, places);
  const key = keys[at];
  if (key === null) {
    if (!Array.isArray(value)) return value;
    let changed: unknown[] | null = null;
    value.forEach((element: unknown, index) => {
      const next = replacedIn(element, keys, at + 1, [...places, index], replace);
      if (next !== element) (changed ??= [...value])[index] = next;
    });
    return changed ?? value;
  }
  if (key === undefined || !isRecord(value) || !Object.hasOwn(value, key)) return value;
  const member = value[key];
  const next = replacedIn(member, keys, at + 1, places, replace);
  return next === member ? value : { ...value, [key]: next };
};

const NOWHERE: ReadonlyArray<number> = [];

/** Whether something lies at the first key of a way. Most events of most types have nothing there. */
const begins = ({ first }: Way, data: unknown): boolean =>
  typeof first !== 'string' || (isRecord(data) && data[first] !== undefined);

/** Whether an event may hold a personal value, hidden or not; false: it holds none. Every append asks this first. */
export const mayHoldPersonal = ({ type, data }: Pick<EventContent, 'type' | 'data'>): boolean => {
  for (const way of waysByType.get(type) ?? NO_WAYS) if (begins(way, data)) return true;
  return false;
};

/** The payload with its personal fields replaced; the same object when none is. Events about nobody are left alone. */
export const withPersonalFields = (content: EventContent, replace: Replace): unknown => {
  let data = content.data;
  for (const way of waysByType.get(content.type) ?? NO_WAYS) {
    if (!begins(way, data)) continue;
    const { keys, mark } = way;
    const subject = subjectOf(mark, content);
    if (subject === null) continue;
    data = replacedIn(data, keys, 0, NOWHERE, (value, places) =>
      replace({ path: pathOf(way, places), mark, value, subject }),
    );
  }
  return data;
};

/** All personal fields of an event, in the order of its codec. */
export const personalFieldsOf = (content: EventContent): ReadonlyArray<PersonalField> => {
  const fields: PersonalField[] = [];
  withPersonalFields(content, (field) => {
    fields.push(field);
    return field.value;
  });
  return fields;
};
