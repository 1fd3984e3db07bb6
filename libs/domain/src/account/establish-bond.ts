import * as E from 'fp-ts/Either';
import { type CommandContext, type CommandDefinition, decided } from '../command/definition';
import { type DomainError, domainError, refuse } from '../command/errors';
import { type Knowledge, rootOf } from '../command/knowledge';
import { sameStatement } from '../command/same-statement';
import type { FactData } from '../facts/catalogue';
import { code, id, instant, oneOf } from '../facts/codec';
import type { Fact } from '../facts/envelope';
import { record, type RecordOf } from '../facts/structure';
import { toIso } from '../time/calendar';
import { absorbedAccountsOf, onAccount } from './account-stream';
import { benefits, bondTypes } from './events';

const required = { partyId: id, bondType: oneOf(bondTypes), subtype: code };
/** `validFrom`: that of the open bond when it is being ended, else the command's occurredAt, when absent. */
const optional = { counterpartyId: id, benefit: oneOf(benefits), validFrom: instant, validTo: instant };
export type EstablishBond = RecordOf<typeof required, typeof optional>;

type Bond = FactData['BondEstablished'];
/** Every period of every bond, as last stated. */
export type BondsState = ReadonlyArray<Bond>;

const isSameBond = (a: Pick<Bond, 'bondType' | 'subtype'>, b: Pick<Bond, 'bondType' | 'subtype'>): boolean =>
  a.bondType === b.bondType && a.subtype === b.subtype;

const statedFrom = (bonds: BondsState, { validFrom }: Pick<Bond, 'validFrom'>): Bond | undefined =>
  bonds.find((bond) => Date.parse(bond.validFrom) === Date.parse(validFrom));

const openAmong = (bonds: BondsState): Bond | undefined => bonds.findLast(({ validTo }) => validTo === undefined);

/** The same start states a period anew; another start with an end closes the open period (`domain.md §8.1`). */
const evolve = (bonds: BondsState, { type, data }: Fact): BondsState => {
  if (type !== 'BondEstablished') return bonds;
  const same = bonds.filter((bond) => isSameBond(bond, data));
  const restated = statedFrom(same, data) ?? (data.validTo === undefined ? undefined : openAmong(same));
  if (restated === undefined) return [...bonds, data];
  return bonds.map((bond) => (bond === restated ? { ...data, validFrom: bond.validFrom } : bond));
};

/** Joint investment and the like exist between businesses (`domain.md §8.1`, structural: B2B). */
const notApplicable = (bondType: string, partyId: string, { parties }: Knowledge): DomainError | null => {
  const party = parties.get(partyId);
  const kind = party?.status === 'live' ? party.kind : null;
  if (bondType !== 'structural' || kind === 'organization') return null;
  return domainError('BondNotApplicable', 'a structural bond is one with an organization', {
    path: '/bondType',
    details: { kind },
  });
};

const partiesOf = (input: EstablishBond, { knowledge }: CommandContext) => ({
  partyId: rootOf(knowledge, input.partyId),
  ...(input.counterpartyId === undefined ? {} : { counterpartyId: rootOf(knowledge, input.counterpartyId) }),
});

/** Ties a customer for a time, or ends the bond by issuing it again with `validTo` (`domain.md §8.1`). */
export const establishBond: CommandDefinition<EstablishBond, BondsState> = {
  name: 'EstablishBond',
  input: record(required, optional),
  ...onAccount,
  needs: ({ partyId, counterpartyId }) => ({
    parties: counterpartyId === undefined ? [partyId] : [partyId, counterpartyId],
  }),
  alsoReads: absorbedAccountsOf,
  initial: [],
  evolve,
  decide: (input, context) => (bonds) => {
    const parties = partiesOf(input, context);
    const { partyId, counterpartyId } = parties;
    if (counterpartyId === partyId) {
      return refuse('SelfCounterparty', 'nobody has a bond with himself', { path: '/counterpartyId' });
    }
    const same = bonds.filter((bond) => isSameBond(bond, input));
    const ended = input.validTo === undefined ? undefined : openAmong(same);
    const validFrom = input.validFrom ?? ended?.validFrom ?? toIso(context.occurredAt);
    if (input.validTo !== undefined && Date.parse(input.validTo) <= Date.parse(validFrom)) {
      return refuse('InvalidInterval', `the bond starts at ${validFrom}`, { path: '/validTo' });
    }
    const refused = notApplicable(input.bondType, partyId, context.knowledge);
    if (refused && same.length === 0) return E.left(refused);
    const established = { ...input, ...parties, validFrom };
    const stated = statedFrom(same, established);
    if (stated && sameStatement({ ...stated, ...parties, validFrom }, established)) return E.right([]);
    const subjects = counterpartyId === undefined ? [partyId] : [partyId, counterpartyId];
    return E.right([decided('BondEstablished', established, subjects)]);
  },
};
