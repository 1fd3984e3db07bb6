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
import type { CustomerChange, IdentifierRow } from '@afecto/read-models';
import { customerChangeOf } from '../profile/customer-row';
import { TallyKeys } from '../tally/tally-of';
import type { World } from './customer-facts';
import { identifiersOf } from './intake-batch';
import { isLink } from './ledger-entry';
import { partOf, type SpilledPart, spilledFacts } from './spill';
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

export interface FoldedPart {
  readonly changes: ReadonlyArray<CustomerChange>;
  /** Of the parties of this part, whoever they are one customer with. */
  readonly identifiers: ReadonlyArray<IdentifierRow>;
  /**
   * Roots whose fold needs more than what is up to the horizon: merged ones, those for whom facts count
   * that are dated ahead, and those with a fact that cannot be read or folded.
   */
  readonly others: ReadonlyArray<string>;
}

/** By referrer, orders of the parties it referred. */
export type ReferredOrders = ReadonlyMap<string, ReadonlyArray<ReferredOrder>>;

/** Folds the customers of one part from their facts up to the horizon. */
export type PartFolder = (part: number, spilled: SpilledPart, referredOrders: ReferredOrders) => Promise<FoldedPart>;

type Identified = Extract<Fact, { type: 'PartyIdentified' }>;

/** A fact about parties of several parts is laid aside with each: the one of whom it says who it is, has it here. */
const identifiedIn = ({ subjects, data: { partyId } }: Identified): string =>
  subjects.includes(partyId) ? partyId : (subjects[0] ?? partyId);

const factsByParty = (
  spilled: SpilledPart,
  part: number,
  { file, parts }: SpilledLog,
  { unreadable, identifiers }: { readonly unreadable: Set<string>; readonly identifiers: IdentifierRow[] },
  opening: Opening,
): Map<string, Fact[]> => {
  const byParty = new Map<string, Fact[]>();
  for (const facts of spilledFacts(file, spilled, unreadable, opening))
    for (const fact of facts) {
      if (fact.type === 'PartyIdentified' && partOf(identifiedIn(fact), parts) === part)
        identifiers.push(...identifiersOf(fact));
      for (const subject of fact.subjects) {
        let known = byParty.get(subject);
        if (known === undefined) {
          if (parts > 1 && partOf(subject, parts) !== part) continue;
          byParty.set(subject, (known = []));
        }
        if (!isLink(fact)) known.push(fact);
      }
    }
  for (const partyId of unreadable)
    if (!byParty.has(partyId) && (parts === 1 || partOf(partyId, parts) === part)) byParty.set(partyId, []);
  return byParty;
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
const changeOf = (
  customer: CustomerHistory,
  { regime }: World,
  horizon: Instant,
  keys: TallyKeys,
): CustomerChange | null => {
  try {
    const folded = foldCustomer(customer, regime, horizon);
    return customerChangeOf(folded.fold.evidence, folded, regime, keys);
  } catch {
    return null;
  }
};

/** Folds in this thread. The world is that of the spill: no fact is taken in while a build folds customers. */
export const partFolder = (log: SpilledLog, opening: Opening = asItIs): PartFolder => {
  const world = worldOf(log.worldFacts, log.horizon);
  return async (part, spilled, referredOrders) => {
    opening.refresh();
    const changes: CustomerChange[] = [];
    const others: string[] = [];
    const unreadable = new Set<string>();
    const identifiers: IdentifierRow[] = [];
    const keys = new TallyKeys();
    for (const [partyId, facts] of factsByParty(spilled, part, log, { unreadable, identifiers }, opening)) {
      if (rootOf(world.links, partyId) !== partyId) continue;
      const customer = { partyId, members: [partyId], facts, referredOrders: referredOrders.get(partyId) ?? none };
      if (unreadable.has(partyId) || !standsAlone(customer, world, log.horizon)) others.push(partyId);
      else if (facts.length > 0) {
        const change = changeOf(customer, world, log.horizon, keys);
        if (change === null) others.push(partyId);
        else changes.push(change);
      }
    }
    return { changes, identifiers, others };
  };
};
