import type { Evidence } from '../customer/evidence';
import type { Policy } from '../policy/regime';
import type { Instant } from '../time/calendar';
import { contactPoints } from './mode';
import { activeRoles } from './roles';
import { shareOfWallet } from './share-of-wallet';
import { inTrailing } from './window';

/** The 12 key fields of the profile, equal in weight (`domain.md §16 PR02`). */
export const profileFields = [
  'name',
  'contactPoints',
  'preferredChannel',
  'locale',
  'need',
  'preference',
  'consentDecision',
  'birthYearOrOrganisationSize',
  'wallet',
  'role',
  'preferredTime',
  'verified',
] as const;

export type ProfileField = (typeof profileFields)[number];

export interface Completeness {
  /** Fraction 0..1. */
  readonly share: number;
  readonly filled: ReadonlyArray<ProfileField>;
  readonly missing: ReadonlyArray<ProfileField>;
}

const requiredContactPoints = 2;

/** Sources write the same preference key in several spellings: preferred_time, preferredTime, preferred-time. */
const plainKey = (key: string): string => {
  const known = plainKeys.get(key);
  if (known !== undefined) return known;
  const plain = key.replaceAll(/[^a-z]/gi, '').toLowerCase();
  if (plainKeys.size >= MAX_KNOWN_KEYS) plainKeys.clear();
  plainKeys.set(key, plain);
  return plain;
};

/** Sources use few keys, and the profile asks for them again and again. */
const plainKeys = new Map<string, string>();
const MAX_KNOWN_KEYS = 1_000;

const statesPreference = ({ person: { preferences } }: Evidence, wanted: string): boolean => {
  for (const { key } of preferences) if (plainKey(key) === wanted) return true;
  return false;
};

const isFilled = (field: ProfileField, evidence: Evidence, policy: Policy, asOf: Instant): boolean => {
  const { person } = evidence;
  switch (field) {
    case 'name':
      return person.displayName !== null;
    case 'contactPoints':
      return contactPoints(evidence) >= requiredContactPoints;
    case 'preferredChannel':
      return (
        person.identifiers.some(({ preferred, valid }) => preferred && valid) ||
        statesPreference(evidence, 'preferredchannel')
      );
    case 'locale':
      return person.locale !== null;
    case 'need':
      return person.preferences.some(({ kind }) => kind === 'need');
    case 'preference':
      return person.preferences.some(({ kind }) => kind === 'preference');
    case 'consentDecision':
      return person.consents.length > 0;
    case 'birthYearOrOrganisationSize':
      return (
        person.birthYear !== null ||
        statesPreference(evidence, 'organisationsize') ||
        statesPreference(evidence, 'organizationsize')
      );
    case 'wallet':
      return shareOfWallet(evidence, policy, asOf).value !== null;
    case 'role':
      return evidence.orderDays.length > 0 || activeRoles(evidence, asOf).length > 0;
    case 'preferredTime':
      return statesPreference(evidence, 'preferredtime');
    case 'verified':
      return person.identifiers.some(
        ({ verified, at }) => verified && inTrailing(at, policy.configuration.relationship.windowDays, asOf),
      );
  }
};

/** How much of the profile is known, 0..1, without saying what. */
export const completenessShare = (evidence: Evidence, policy: Policy, asOf: Instant): number => {
  let filled = 0;
  for (const field of profileFields) if (isFilled(field, evidence, policy, asOf)) filled += 1;
  return filled / profileFields.length;
};

/** How much of the profile is known (`domain.md §16 PR02`). The derived role customer counts as a role. */
export const completeness = (evidence: Evidence, policy: Policy, asOf: Instant): Completeness => {
  const filled: ProfileField[] = [];
  const missing: ProfileField[] = [];
  for (const field of profileFields) (isFilled(field, evidence, policy, asOf) ? filled : missing).push(field);
  return { share: filled.length / profileFields.length, filled, missing };
};
