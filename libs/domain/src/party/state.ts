import type { CommandContext, CommandHeader } from '../command/definition';
import { membersOf, rootOf } from '../command/knowledge';
import type { FactData } from '../facts/catalogue';
import type { Fact } from '../facts/envelope';
import { type Period, withPeriod } from '../time/periods';

export type Identifier = FactData['PartyIdentified']['identifiers'][number];

export interface RoleInterval extends Period {
  readonly role: string;
  readonly counterpartyId: string | null;
}

interface KnownOfParty {
  readonly roles: ReadonlyArray<RoleInterval>;
  /** Last decision by purpose and channel; one for all channels replaces the single ones before it. */
  readonly consents: ReadonlyMap<string, ReadonlyMap<string, ConsentDecision>>;
  /** Last statement about each scheme and value. */
  readonly identifiers: ReadonlyMap<string, Identifier>;
  readonly preferences: ReadonlyMap<string, FactData['PreferenceRecorded']>;
  /** Merges that were undone (`separationKey`). */
  readonly separatedMerges: ReadonlySet<string>;
}

export type ConsentDecision =
  { readonly granted: true; readonly grant: FactData['ConsentGranted'] } | { readonly granted: false };

/** A party as its own stream, and those of the parties merged into it, tell it. Facts may precede registration. */
export type PartyState =
  | (KnownOfParty & { readonly stage: 'unregistered' })
  | (KnownOfParty & { readonly stage: 'registered'; readonly registered: FactData['PartyRegistered'] });

export const unregisteredParty: PartyState = {
  stage: 'unregistered',
  roles: [],
  consents: new Map(),
  identifiers: new Map(),
  preferences: new Map(),
  separatedMerges: new Set(),
};

export const identifierKey = ({ scheme, value }: Pick<Identifier, 'scheme' | 'value'>): string => `${scheme}:${value}`;

/** By which a separation is recognised: one that names the merge of another pair undoes nothing. */
export const separationKey = ({
  mergedEventId,
  survivorId,
  separatedId,
}: Pick<FactData['PartiesSeparated'], 'mergedEventId' | 'survivorId' | 'separatedId'>): string =>
  `${survivorId} ${separatedId} ${mergedEventId}`;

const withEntry = <K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> => new Map(map).set(key, value);

const withConsent = (
  { consents }: KnownOfParty,
  { purpose, channel }: { readonly purpose: string; readonly channel: string },
  decision: ConsentDecision,
): KnownOfParty['consents'] => {
  const byChannel = channel === 'all' ? new Map<string, ConsentDecision>() : consents.get(purpose);
  return withEntry(consents, purpose, withEntry(byChannel ?? new Map<string, ConsentDecision>(), channel, decision));
};

const toInterval = (data: FactData['PartyRoleAssigned']): RoleInterval => ({
  role: data.role,
  counterpartyId: data.counterpartyId ?? null,
  validFrom: Date.parse(data.validFrom),
  validTo: data.validTo === undefined ? null : Date.parse(data.validTo),
});

/** The roles of a party with one more statement; a role towards another counterparty is another one (`domain.md §3`). */
export const withRole = (roles: ReadonlyArray<RoleInterval>, stated: RoleInterval): ReadonlyArray<RoleInterval> =>
  withPeriod(
    roles,
    stated,
    ({ role, counterpartyId }) => role === stated.role && counterpartyId === stated.counterpartyId,
  );

export const evolveParty = (state: PartyState, fact: Fact): PartyState => {
  switch (fact.type) {
    case 'PartyRegistered':
      return state.stage === 'registered' ? state : { ...state, stage: 'registered', registered: fact.data };
    case 'PartyIdentified': {
      const identifiers = new Map(state.identifiers);
      for (const identifier of fact.data.identifiers) identifiers.set(identifierKey(identifier), identifier);
      return { ...state, identifiers };
    }
    case 'PartyRoleAssigned':
      return { ...state, roles: withRole(state.roles, toInterval(fact.data)) };
    case 'PreferenceRecorded':
      return { ...state, preferences: withEntry(state.preferences, fact.data.preferenceId, fact.data) };
    case 'ConsentGranted':
      return { ...state, consents: withConsent(state, fact.data, { granted: true, grant: fact.data }) };
    case 'ConsentWithdrawn':
      return { ...state, consents: withConsent(state, fact.data, { granted: false }) };
    case 'PartiesSeparated':
      return { ...state, separatedMerges: new Set([...state.separatedMerges, separationKey(fact.data)]) };
    default:
      return state;
  }
};

/** The decision in force for a channel: its own, else the one for all channels. */
export const consentFor = (
  { consents }: Pick<PartyState, 'consents'>,
  purpose: string,
  channel: string,
): ConsentDecision | null => consents.get(purpose)?.get(channel) ?? consents.get(purpose)?.get('all') ?? null;

/** Whether any channel has a consent for the purpose. */
export const hasAnyConsent = ({ consents }: Pick<PartyState, 'consents'>, purpose: string): boolean =>
  [...(consents.get(purpose)?.values() ?? [])].some(({ granted }) => granted);

interface AboutParty {
  readonly partyId: string;
}

const partyStream = (partyId: string): string => `party-${partyId}`;

/** What all commands about one known party share: they write to the root and read its members. */
export const ofParty = {
  needs: ({ partyId }: AboutParty, _header: CommandHeader) => ({ parties: [partyId] }),
  streamOf: ({ partyId }: AboutParty, { knowledge }: CommandContext): string => partyStream(rootOf(knowledge, partyId)),
  alsoReads: ({ partyId }: AboutParty, { knowledge }: CommandContext): ReadonlyArray<string> =>
    membersOf(knowledge, partyId)
      .filter((member) => member !== rootOf(knowledge, partyId))
      .map(partyStream),
  initial: unregisteredParty,
  evolve: evolveParty,
};
