import type { PersonEvidence } from '../customer/evidence';

/** Sources spell fields in several ways: preferred_time, preferredTime, preferred-time. */
const plain = (name: string): string => name.replaceAll(/[^a-z]/gi, '').toLowerCase();

/** Fields of the profile that are no identifier and no preference, by their plain names. */
const known: Readonly<Record<string, (person: PersonEvidence) => boolean>> = {
  name: ({ displayName }) => displayName !== null,
  displayname: ({ displayName }) => displayName !== null,
  kind: ({ kind }) => kind !== null,
  birthyear: ({ birthYear }) => birthYear !== null,
  locale: ({ locale }) => locale !== null,
  timezone: ({ timeZone }) => timeZone !== null,
  contactpoints: ({ identifiers }) => identifiers.some(({ valid }) => valid),
  preferredchannel: ({ identifiers }) => identifiers.some(({ preferred, valid }) => preferred && valid),
  consent: ({ consents }) => consents.length > 0,
  consentdecision: ({ consents }) => consents.length > 0,
  need: ({ preferences }) => preferences.some(({ kind }) => kind === 'need'),
  preference: ({ preferences }) => preferences.some(({ kind }) => kind === 'preference'),
  role: ({ roles }) => roles.length > 0,
};

/**
 * Whether the party has told a field before (`domain.md §4.4 CX3`): a field of the profile, a valid
 * identifier by its scheme, or a preference by its key. A field that nobody knows is not known.
 */
export const isKnownField = (person: PersonEvidence, field: string): boolean => {
  const name = plain(field);
  if (name === '') return false;
  return (
    (Object.hasOwn(known, name) && known[name]?.(person) === true) ||
    person.identifiers.some(({ scheme, valid }) => valid && plain(scheme) === name) ||
    person.preferences.some(({ key }) => plain(key) === name)
  );
};
