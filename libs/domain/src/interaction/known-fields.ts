import type { Evidence, PersonEvidence } from '../customer/evidence';

/**
 * Sources spell fields in several ways: preferred_time, preferredTime, preferred-time. Letters of every alphabet and
 * digits tell fields apart: child1_name is not child2_name.
 */
const plain = (name: string): string =>
  name
    .normalize('NFC')
    .replaceAll(/[^\p{L}\p{M}\p{N}]/gu, '')
    .toLowerCase();

/** What a question can be known by. */
type Known = Pick<Evidence, 'person' | 'wallets'>;

const hasKind =
  (wanted: PersonEvidence['preferences'][number]['kind']) =>
  ({ person: { preferences } }: Known): boolean =>
    preferences.some(({ kind }) => kind === wanted);

/** Fields of the profile that are no identifier and no preference, by their plain names. */
const known: Readonly<Record<string, (evidence: Known) => boolean>> = {
  name: ({ person: { displayName } }) => displayName !== null,
  displayname: ({ person: { displayName } }) => displayName !== null,
  kind: ({ person: { kind } }) => kind !== null,
  birthyear: ({ person: { birthYear } }) => birthYear !== null,
  locale: ({ person: { locale } }) => locale !== null,
  timezone: ({ person: { timeZone } }) => timeZone !== null,
  contactpoints: ({ person: { identifiers } }) => identifiers.some(({ valid }) => valid),
  preferredchannel: ({ person: { identifiers } }) => identifiers.some(({ preferred, valid }) => preferred && valid),
  consent: ({ person: { consents } }) => consents.length > 0,
  consentdecision: ({ person: { consents } }) => consents.length > 0,
  need: hasKind('need'),
  preference: hasKind('preference'),
  interest: hasKind('interest'),
  businessgoal: hasKind('businessGoal'),
  role: ({ person: { roles } }) => roles.length > 0,
  wallet: ({ wallets }) => wallets.length > 0,
};

/**
 * Whether the party has told a field before (`domain.md §4.4 CX3`): a field of the profile, a valid
 * identifier by its scheme, or a preference by its key. A field that nobody knows is not known.
 */
export const isKnownField = (evidence: Known, field: string): boolean => {
  const { person } = evidence;
  const name = plain(field);
  if (name === '') return false;
  return (
    (Object.hasOwn(known, name) && known[name]?.(evidence) === true) ||
    person.identifiers.some(({ scheme, valid }) => valid && plain(scheme) === name) ||
    person.preferences.some(({ key }) => plain(key) === name)
  );
};
