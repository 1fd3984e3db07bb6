import type * as t from 'io-ts';
import {
  boolean,
  code,
  fraction,
  id,
  instant,
  integer,
  locale,
  MAX_STRING,
  notBlank,
  oneOf,
  reference,
  string,
  timeZone,
} from '../facts/codec';
import { list, personal, record } from '../facts/structure';

export const partyKinds = ['person', 'organization'] as const;
export type PartyKind = (typeof partyKinds)[number];

/** Schemes of identifiers (`domain.md §3`, identity resolution). */
export const identifierSchemes = [
  'phone',
  'email',
  'national_id',
  'tax_id',
  'loyalty_no',
  'device',
  'social',
  'postal',
  'fax',
] as const;
export type IdentifierScheme = (typeof identifierSchemes)[number];

/** Roles that are assigned (`domain.md §3`); `customer` is derived from orders and never assigned. */
export const partyRoles = [
  'prospect',
  'agent',
  'beneficiary',
  'guarantor',
  'employee',
  'competitor',
  'associate',
  'supplier',
] as const;

export const preferenceKinds = ['need', 'preference', 'interest', 'businessGoal'] as const;
export const preferenceOrigins = ['stated', 'observed'] as const;
export const preferenceHorizons = ['current', 'future'] as const;

export const PartyRegistered = record(
  { partyId: id, kind: oneOf(partyKinds), displayName: personal(string(1, 200), { class: 'identity' }), source: code },
  { birthYear: personal(integer(1850, 2200), { class: 'identity' }), locale, timeZone },
);
export type PartyRegistered = t.TypeOf<typeof PartyRegistered>;

export const PartyIdentified = record({
  partyId: id,
  identifiers: list(
    record({
      scheme: oneOf(identifierSchemes),
      value: personal(notBlank(MAX_STRING), { class: 'identity' }),
      verified: boolean,
      preferred: boolean,
      valid: boolean,
    }),
    1,
    20,
  ),
});
export type PartyIdentified = t.TypeOf<typeof PartyIdentified>;

export const PartiesMerged = record({ survivorId: id, absorbedId: id, matchScore: fraction, reason: code });
export type PartiesMerged = t.TypeOf<typeof PartiesMerged>;

/** Undoes one merge, named by its event (`domain.md §3`). */
export const PartiesSeparated = record({ survivorId: id, separatedId: id, mergedEventId: reference, reason: code });
export type PartiesSeparated = t.TypeOf<typeof PartiesSeparated>;

/** A role is closed by issuing it again with `validTo`. */
export const PartyRoleAssigned = record(
  { partyId: id, role: oneOf(partyRoles), validFrom: instant },
  { counterpartyId: id, validTo: instant },
);
export type PartyRoleAssigned = t.TypeOf<typeof PartyRoleAssigned>;

export const PreferenceRecorded = record({
  partyId: id,
  preferenceId: id,
  kind: oneOf(preferenceKinds),
  key: code,
  value: personal(string(0, MAX_STRING)),
  origin: oneOf(preferenceOrigins),
  horizon: oneOf(preferenceHorizons),
});
export type PreferenceRecorded = t.TypeOf<typeof PreferenceRecorded>;
