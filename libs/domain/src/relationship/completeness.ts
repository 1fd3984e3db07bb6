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
const plainKey = (key: string): string => key.replaceAll(/[^a-z]/gi, '').toLowerCase();

const statesPreference = (evidence: Evidence, ...keys: ReadonlyArray<string>): boolean =>
  evidence.person.preferences.some(({ key }) => keys.includes(plainKey(key)));

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
      return person.birthYear !== null || statesPreference(evidence, 'organisationsize', 'organizationsize');
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

/** How much of the profile is known (`domain.md §16 PR02`). The derived role customer counts as a role. */
export const completeness = (evidence: Evidence, policy: Policy, asOf: Instant): Completeness => {
  const filled: ProfileField[] = [];
  const missing: ProfileField[] = [];
  for (const field of profileFields) (isFilled(field, evidence, policy, asOf) ? filled : missing).push(field);
  return { share: filled.length / profileFields.length, filled, missing };
};
