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
import { isAbout } from '../time/periods';
import { absorbedAccountsOf, onAccount } from './account-stream';
import { type BondPeriod, withBond } from './bonds';
import { benefits, bondTypes } from './events';

const required = { partyId: id, bondType: oneOf(bondTypes), subtype: code };
/** `validFrom`: that of the open bond when it is being ended, else the command's occurredAt, when absent. */
const optional = { counterpartyId: id, benefit: oneOf(benefits), validFrom: instant, validTo: instant };
export type EstablishBond = RecordOf<typeof required, typeof optional>;

/** Every period of every bond, as last stated. */
export type BondsState = ReadonlyArray<BondPeriod>;

const periodOf = (data: FactData['BondEstablished']): BondPeriod => ({
  bondType: data.bondType,
  subtype: data.subtype,
  counterpartyId: data.counterpartyId ?? null,
  benefit: data.benefit ?? null,
  validFrom: Date.parse(data.validFrom),
  validTo: data.validTo === undefined ? null : Date.parse(data.validTo),
});

const evolve = (bonds: BondsState, { type, data }: Fact): BondsState =>
  type === 'BondEstablished' ? withBond(bonds, periodOf(data)) : bonds;

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
    const survivorOf = (id: string | null) => (id === null ? null : rootOf(context.knowledge, id));
    const same = bonds.filter(
      (bond) =>
        bond.bondType === input.bondType &&
        bond.subtype === input.subtype &&
        survivorOf(bond.counterpartyId) === (counterpartyId ?? null),
    );
    const ended = input.validTo === undefined ? undefined : same.findLast(({ validTo }) => validTo === null);
    const validFrom = input.validFrom ?? toIso(ended?.validFrom ?? context.occurredAt);
    const stated = periodOf({ ...input, ...parties, validFrom });
    if (stated.validTo !== null && stated.validTo <= stated.validFrom) {
      return refuse('InvalidInterval', `the bond starts at ${validFrom}`, { path: '/validTo' });
    }
    const refused = notApplicable(input.bondType, partyId, context.knowledge);
    if (refused && same.length === 0) return E.left(refused);
    // Issued again it names whom it named, wherever that party was merged to since: else it is another bond.
    const towards = same.find((bond) => isAbout(stated, bond))?.counterpartyId ?? counterpartyId;
    const established = { ...input, partyId, ...(towards === undefined ? {} : { counterpartyId: towards }), validFrom };
    if (sameStatement(withBond(bonds, periodOf(established)), bonds)) return E.right([]);
    return E.right([decided('BondEstablished', established, towards === undefined ? [partyId] : [partyId, towards])]);
  },
};
