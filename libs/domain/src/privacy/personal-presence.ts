import { type FactType, catalogueEntry, factTypes } from '../facts/catalogue';
import type { AnyCodec, PersonalMark } from '../facts/codec';
import type { Fact } from '../facts/envelope';
import { isRecord } from '../facts/structure';

/** A member of a payload in which something personal lies, at whatever depth. */
interface PersonalMember {
  readonly key: string;
  readonly mark: PersonalMark;
}

const marksIn = (codec: AnyCodec): ReadonlyArray<PersonalMark> => {
  if (codec.personal !== null) return [codec.personal];
  const { shape } = codec;
  switch (shape.kind) {
    case 'record':
      return [...Object.values(shape.required), ...Object.values(shape.optional)].flatMap(marksIn);
    case 'list':
    case 'dictionary':
      return marksIn(shape.element);
    case 'nullable':
      return marksIn(shape.inner);
    default:
      return [];
  }
};

const membersOfType = (type: FactType): ReadonlyArray<PersonalMember> => {
  const { shape } = catalogueEntry(type).codec;
  if (shape.kind !== 'record') return [];
  return Object.entries({ ...shape.required, ...shape.optional }).flatMap(([key, codec]) =>
    marksIn(codec).map((mark) => ({ key, mark })),
  );
};

/** By type, from the marks of the codecs: there is no second list of personal fields. */
const byType: ReadonlyMap<FactType, ReadonlyArray<PersonalMember>> = new Map(
  factTypes.flatMap((type) => {
    const members = membersOfType(type);
    return members.length === 0 ? [] : [[type, members] as const];
  }),
);

/** Something personal that a fact brought about somebody, be it readable still or not. */
export interface PersonalPresence {
  readonly partyId: string;
  readonly class: PersonalMark['class'];
}

const none: ReadonlyArray<PersonalPresence> = [];

/**
 * Of which classes and about whom a fact says something personal. It depends on what was said, not on what
 * can still be read of it: a rebuild after an erasure finds the same.
 */
export const personalPresences = ({ type, data, subjects }: Pick<Fact, 'type' | 'data' | 'subjects'>) => {
  const members = byType.get(type);
  if (members === undefined) return none;
  const content: unknown = data;
  if (!isRecord(content)) return none;
  const own = content['partyId'];
  const party: unknown = typeof own === 'string' ? own : subjects[0];
  return members.flatMap(({ key, mark }): ReadonlyArray<PersonalPresence> => {
    if (content[key] === undefined) return none;
    const named = mark.about === null ? undefined : content[mark.about];
    const partyId = typeof named === 'string' ? named : party;
    return typeof partyId === 'string' ? [{ partyId, class: mark.class }] : none;
  });
};
