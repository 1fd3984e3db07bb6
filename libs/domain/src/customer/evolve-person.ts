import type { FactData } from '../facts/catalogue';
import type { FactOf } from '../facts/envelope';
import { type Hidden, isHidden } from '../facts/structure';
import { normaliseIdentifier } from '../party/identifier';
import { withRole } from '../party/state';
import { isErasureOfAll } from '../privacy/events';
import type { Instant } from '../time/calendar';
import { withPeriod } from '../time/periods';
import type { PersonEvidence } from './evidence';
import { happenedAt, instantIn, type MutableEvidence, type MutablePerson, optionalInstantIn } from './mutable-evidence';

/** A personal value; null when its key was destroyed or is not here (`domain.md §17.3`): reads never fail. */
const readable = <T extends string | number>(value: T | Hidden | undefined): T | null =>
  value === undefined || typeof value === 'object' ? null : value;

/**
 * Stand for what was given and is erased now: what counts who told us its name counts the same whether the
 * past is folded before the erasure or after it.
 */
const GIVEN_NAME = '';
const GIVEN_YEAR = 0;

/** Of whom nothing personal is taken in: the member itself is erased, or the root and with it the customer. */
const isErased = ({ erasedAt, erasedMembers }: MutablePerson, partyId: string): boolean =>
  erasedAt !== null || erasedMembers.has(partyId);

/** The root's own registration stands above those of absorbed parties; among equals the latest. */
export const evolvePartyRegistered = (
  { members, partyId, person }: MutableEvidence,
  { data, occurredAt }: FactOf<'PartyRegistered'>,
): void => {
  if (!members.has(data.partyId)) return;
  person.registeredAt ??= occurredAt;
  const isRoot = data.partyId === partyId;
  const prevails = isRoot || !person.rootRegistered;
  person.rootRegistered ||= isRoot;
  const prefer = <T>(said: T | null, known: T | null): T | null => (prevails ? (said ?? known) : (known ?? said));
  person.kind = prefer(data.kind, person.kind);
  person.locale = prefer(data.locale ?? null, person.locale);
  person.timeZone = prefer(data.timeZone ?? null, person.timeZone);
  if (isErased(person, data.partyId)) return;
  const year = isHidden(data.birthYear) ? GIVEN_YEAR : (data.birthYear ?? null);
  if (prevails || person.displayName === null) person.namedBy = data.partyId;
  if (year !== null && (prevails || person.birthYear === null)) person.bornBy = data.partyId;
  person.displayName = prefer(readable(data.displayName) ?? GIVEN_NAME, person.displayName);
  person.birthYear = prefer(year, person.birthYear);
};

type KnownIdentifier = PersonEvidence['identifiers'][number];

/** Whether two are one identifier, however sources spell the value (`domain.md §3`). */
const isSame = (one: KnownIdentifier, other: KnownIdentifier): boolean =>
  one.scheme === other.scheme &&
  (one.value === other.value || normaliseIdentifier(one).value === normaliseIdentifier(other).value);

/** Of statements in fold order the latest about each identifier. */
const latestOf = (stated: ReadonlyArray<KnownIdentifier>): ReadonlyArray<KnownIdentifier> =>
  stated.filter((one, index) => !stated.slice(index + 1).some((later) => isSame(one, later)));

/** The latest statement per (scheme, value) of all members, shown as it was written last. */
export const evolvePartyIdentified = (
  { members, person }: MutableEvidence,
  { data, occurredAt }: FactOf<'PartyIdentified'>,
): void => {
  const { partyId } = data;
  if (!members.has(partyId) || isErased(person, partyId)) return;
  let { stated } = person;
  for (const { scheme, value: written, verified, preferred, valid } of data.identifiers) {
    const now = { partyId, scheme, value: readable(written) ?? '', verified, preferred, valid, at: occurredAt };
    stated = [...stated.filter((known) => known.partyId !== partyId || !isSame(known, now)), now];
  }
  person.stated = stated;
  person.identifiers = members.size === 1 ? stated : latestOf(stated);
};

/** What a party is by itself, whomever the role was stated towards; every other role is a relation to another party. */
const rolesOfItself: ReadonlySet<string> = new Set(['prospect', 'employee', 'competitor']);

/**
 * The party in the role and its counterparty are told the same of it (`domain.md §3`). Between two parties that
 * are one customer it is no relation: nobody is a counterparty of himself.
 */
export const evolvePartyRoleAssigned = (
  { members, person }: MutableEvidence,
  { data, occurredAt }: FactOf<'PartyRoleAssigned'>,
): void => {
  const { partyId, role } = data;
  const counterpartyId = data.counterpartyId ?? null;
  const period = { validFrom: instantIn(data.validFrom, occurredAt), validTo: optionalInstantIn(data.validTo) };
  const isTowardsItself = counterpartyId !== null && members.has(partyId) && members.has(counterpartyId);
  if (isTowardsItself && !rolesOfItself.has(role)) return;
  if (members.has(partyId)) person.roles = withRole(person.roles, { role, counterpartyId, ...period });
  else if (counterpartyId !== null && members.has(counterpartyId))
    person.rolesTowards = withPeriod(
      person.rolesTowards,
      { partyId, role, counterpartyId, ...period },
      (known) => known.partyId === partyId && known.role === role && known.counterpartyId === counterpartyId,
    );
};

/** The latest statement per preferenceId; a need that it replaces is remembered without its value. */
export const evolvePreferenceRecorded = (
  { members, person }: MutableEvidence,
  { data, occurredAt }: FactOf<'PreferenceRecorded'>,
): void => {
  if (!members.has(data.partyId)) return;
  const value = isErased(person, data.partyId) ? '' : (readable(data.value) ?? '');
  const { partyId, preferenceId, kind, key, origin, horizon } = data;
  const earlier = person.preferences.find((known) => known.preferenceId === preferenceId);
  const isSame = earlier?.kind === kind && earlier.key === key && earlier.origin === origin;
  if (earlier?.kind === 'need' && !isSame)
    person.earlierNeeds = [
      ...person.earlierNeeds,
      { key: earlier.key, origin: earlier.origin, since: earlier.since, until: occurredAt },
    ];
  const since = isSame ? earlier.since : occurredAt;
  person.preferences = [
    ...person.preferences.filter((known) => known !== earlier),
    { partyId, preferenceId, kind, key, value, origin, horizon, at: occurredAt, since },
  ];
};

const decide = (
  person: MutablePerson,
  { purpose, channel }: Pick<FactData['ConsentGranted'], 'purpose' | 'channel'>,
  granted: boolean,
  at: Instant,
): void => {
  person.consents = [
    ...person.consents.filter((known) => known.purpose !== purpose || known.channel !== channel),
    { purpose, channel, granted, at },
  ];
};

export const evolveConsent = (
  { members, person }: MutableEvidence,
  { type, data, occurredAt }: FactOf<'ConsentGranted'> | FactOf<'ConsentWithdrawn'>,
): void => {
  if (members.has(data.partyId)) decide(person, data, type === 'ConsentGranted', occurredAt);
};

const restrictionsOf = ({ restrictionRequests }: MutablePerson): PersonEvidence['objections'] =>
  [...restrictionRequests.values()].filter((request) => request !== 'refused');

/** The first receipt of an id stands. It can have come no later than it was told. */
const rememberRequest = (
  person: MutablePerson,
  { data: { dsrId, kind, receivedAt, dueAt }, occurredAt: toldAt, eventId }: FactOf<'DataSubjectRequestReceived'>,
): void => {
  if (person.dataSubjectRequests.some((known) => known.dsrId === dsrId)) return;
  const { at: closedAt = null, outcome = null } = person.endsOfRequests.get(dsrId) ?? {};
  const request = {
    dsrId,
    eventId,
    kind,
    receivedAt: happenedAt(receivedAt, toldAt),
    dueAt: instantIn(dueAt, toldAt),
    closedAt,
    outcome,
  };
  person.dataSubjectRequests = [...person.dataSubjectRequests, request];
};

export const evolveDataSubjectRequestReceived = (
  { members, person }: MutableEvidence,
  fact: FactOf<'DataSubjectRequestReceived'>,
): void => {
  const { data, occurredAt } = fact;
  const { kind, dsrId } = data;
  if (!members.has(data.partyId)) return;
  rememberRequest(person, fact);
  if (kind !== 'objection' && kind !== 'restriction') return;
  if (person.restrictionRequests.has(dsrId)) return;
  person.restrictionRequests.set(dsrId, { kind, at: occurredAt });
  person.objections = restrictionsOf(person);
};

/** A refused objection or restriction has no effect any more. The first end of a request stands. */
export const evolveDataSubjectRequestFulfilled = (
  { members, person }: MutableEvidence,
  { data, occurredAt }: FactOf<'DataSubjectRequestFulfilled'>,
): void => {
  if (!members.has(data.partyId)) return;
  const { dsrId, outcome } = data;
  if (!person.endsOfRequests.has(dsrId)) {
    person.endsOfRequests.set(dsrId, { at: occurredAt, outcome });
    person.dataSubjectRequests = person.dataSubjectRequests.map((request) =>
      request.dsrId === dsrId ? { ...request, closedAt: occurredAt, outcome } : request,
    );
  }
  if (data.outcome !== 'refused') return;
  person.restrictionRequests.set(data.dsrId, 'refused');
  person.objections = restrictionsOf(person);
};

/**
 * Personal values of the member go and stay away; codes, counts and amounts remain (`domain.md §17.3`). The
 * customer is erased with its root; a living party that is merged with an erased one lives on.
 */
export const evolvePersonalDataErased = (
  { members, partyId, person }: MutableEvidence,
  { data, occurredAt }: FactOf<'PersonalDataErased'>,
): void => {
  if (!members.has(data.partyId)) return;
  const isOfAll = isErasureOfAll(data);
  const isOfCustomer = isOfAll && data.partyId === partyId;
  const isGone = (member: string | null): boolean => isOfCustomer || member === data.partyId;
  person.preferences = person.preferences.map((preference) =>
    isGone(preference.partyId) ? { ...preference, value: '' } : preference,
  );
  if (!isOfAll) {
    person.contentErasedAt = occurredAt;
    return;
  }
  person.erasedMembers.add(data.partyId);
  if (isOfCustomer) person.erasedAt ??= occurredAt;
  if (isGone(person.namedBy)) person.displayName = null;
  if (isGone(person.bornBy)) person.birthYear = null;
  // What another member stated itself is left, though the erased one stated it later.
  person.stated = person.stated.filter((known) => !isGone(known.partyId));
  person.identifiers = latestOf(person.stated);
};
