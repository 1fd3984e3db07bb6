import {
  type CustomerHistory,
  type Fact,
  foldCustomer,
  type Instant,
  membersOf,
  type ReferredOrder,
  rootOf,
} from '@afecto/domain';
import { asItIs, type KeyFiles, type Opening } from '@afecto/privacy';
import type { IdentifierRow, NewCustomer, PartyLedgers } from '@afecto/read-models';
import { customerChangeOf } from '../profile/customer-row';
import { TallyKeys } from '../tally/tally-of';
import type { World } from './customer-facts';
import { identifiersOf } from './intake-batch';
import { PartyHistory, partyLedgers } from './party-history';
import { type LaidFact, partOf, type SpilledPart, spilledFacts } from './spill';
import { worldOf } from './world';

/** Everything that folding the parts of a spilled log needs; it may be sent to another thread. */
export interface SpilledLog {
  readonly file: string;
  readonly parts: number;
  readonly horizon: Instant;
  /** Facts about policy and links. */
  readonly worldFacts: ReadonlyArray<Fact>;
  /** Keys of what lies sealed in the spill; null: nothing does. */
  readonly keyFiles: KeyFiles | null;
}

/**
 * What is found in a part. Customers are missing whose fold needs more than the facts of the part up to the
 * horizon: merged ones, those for whom facts count that are dated ahead, and those with a fact that cannot be
 * read or folded. Whoever has the ledger folds them when all parts are there.
 */
export interface FoldedPart {
  readonly customers: ReadonlyArray<NewCustomer>;
  /** Of the parties of this part, whoever they are one customer with. */
  readonly identifiers: ReadonlyArray<IdentifierRow>;
  readonly ledgers: PartyLedgers;
}

/** By referrer, orders of the parties it referred; null: they are not all known yet, and the referrer waits. */
export type ReferredOrders = ReadonlyMap<string, ReadonlyArray<ReferredOrder> | null>;

/** One part, and what is to be known of it. */
export interface PartQuestion {
  readonly part: number;
  readonly spilled: SpilledPart;
  readonly referredOrders: ReferredOrders;
}

/** Folds the customers of one part from their facts up to the horizon. */
export type PartFolder = (question: PartQuestion) => Promise<FoldedPart>;

type Identified = Extract<Fact, { type: 'PartyIdentified' }>;

/** A fact about parties of several parts is laid aside with each: the one of whom it says who it is, has it here. */
const identifiedIn = ({ subjects, data: { partyId } }: Identified): string =>
  subjects.includes(partyId) ? partyId : (subjects[0] ?? partyId);

interface PartFacts {
  /** Every party of the part that an event names. */
  readonly parties: ReadonlyMap<string, PartyHistory>;
  readonly identifiers: ReadonlyArray<IdentifierRow>;
}

const factsOfPart = (part: number, parts: number, pieces: Iterable<ReadonlyArray<LaidFact>>): PartFacts => {
  const parties = new Map<string, PartyHistory>();
  const identifiers: IdentifierRow[] = [];
  for (const piece of pieces)
    for (const laid of piece) {
      const { fact, subjects } = laid;
      if (fact?.type === 'PartyIdentified' && partOf(identifiedIn(fact), parts) === part)
        identifiers.push(...identifiersOf(fact));
      for (const subject of subjects) {
        let party = parties.get(subject);
        if (party === undefined) {
          if (parts > 1 && partOf(subject, parts) !== part) continue;
          parties.set(subject, (party = new PartyHistory()));
        }
        party.add(laid);
      }
    }
  return { parties, identifiers };
};

/** Whether the customer can be folded from these facts, once and for all. */
const standsAlone = (
  { partyId, facts, referredOrders }: CustomerHistory,
  { links }: World,
  horizon: Instant,
): boolean =>
  membersOf(links, partyId).length === 1 &&
  facts.every(({ occurredAt }) => occurredAt <= horizon) &&
  referredOrders.every(({ at }) => at <= horizon);

const none: ReadonlyArray<never> = [];

/** Null when folding fails: whoever has the ledger finds out at which fact. */
const folded = (
  customer: CustomerHistory,
  { regime }: World,
  horizon: Instant,
  keys: TallyKeys,
): NewCustomer | null => {
  try {
    const advanced = foldCustomer(customer, regime, horizon);
    const { customer: row, items, tally } = customerChangeOf(advanced.fold.evidence, advanced, regime, keys);
    return { customer: row, items, tally };
  } catch {
    return null;
  }
};

/** Folds in this thread. The world is that of the spill: no fact is taken in while a build folds customers. */
export const partFolder = (log: SpilledLog, opening: Opening = asItIs): PartFolder => {
  const world = worldOf(log.worldFacts, log.horizon);
  return async ({ part, spilled, referredOrders }) => {
    opening.refresh();
    const { parties, identifiers } = factsOfPart(part, log.parts, spilledFacts(log.file, spilled, opening));
    const customers: NewCustomer[] = [];
    const keys = new TallyKeys();
    for (const [partyId, { facts, isWhole }] of parties) {
      const orders = referredOrders.get(partyId);
      if (!isWhole || facts.length === 0 || orders === null || rootOf(world.links, partyId) !== partyId) continue;
      const customer = { partyId, members: [partyId], facts, referredOrders: orders ?? none };
      const added = standsAlone(customer, world, log.horizon) ? folded(customer, world, log.horizon, keys) : null;
      if (added !== null) customers.push(added);
    }
    return { customers, identifiers, ledgers: partyLedgers(parties) };
  };
};
