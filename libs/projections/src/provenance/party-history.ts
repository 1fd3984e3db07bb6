import {
  advance,
  compareFacts,
  type CustomerFold,
  type CustomerState,
  foldFacts,
  type Instant,
  isCustomerFact,
  type Links,
  linksOf,
  membersOf,
  policyAt,
  type ReferredOrder,
  type Regime,
  regimeOf,
  rootOf,
  startFold,
} from '@afecto/domain';
import { byTime, type FactLimits, type FactSource, referredBy } from '../engine/customer-facts';
import { isLink, type PlacedFact } from '../engine/ledger-entry';

/**
 * All facts that a customer's profile can follow from, each with its place in the log: those of every
 * party that was ever one with it, orders of parties that it referred, and those about all customers.
 */
export interface PartyHistory {
  /** The party asked about; whose customer it is depends on the instant. */
  readonly partyId: string;
  /** Everyone whom merges have ever made one with it by then, itself first: what is told of its past may be theirs. */
  readonly parties: ReadonlyArray<string>;
  /** Nothing that happened later is in here. */
  readonly asOf: Instant;
  /** In fold order. */
  readonly facts: ReadonlyArray<PlacedFact>;
  /** Orders of those referred; a referral converts by one (`domain.md §5`). */
  readonly orders: ReadonlyArray<PlacedFact>;
  /** Policies: configurations, reviews, campaigns, also those that come into force later. */
  readonly policies: ReadonlyArray<PlacedFact>;
  /** Merges and separations of the parties concerned. */
  readonly links: ReadonlyArray<PlacedFact>;
  /** From which position on the facts of a party wait behind a dead letter. */
  readonly heldFrom: ReadonlyMap<string, bigint>;
}

const factsIn = (placed: ReadonlyArray<PlacedFact>) => placed.map(({ fact }) => fact);

/** Everyone whom these links have ever made one with any of the parties. */
const everOneWith = (partyIds: Iterable<string>, links: ReadonlyArray<PlacedFact>): Set<string> => {
  const found = new Set(partyIds);
  for (let size = -1; size !== found.size;) {
    size = found.size;
    for (const { fact } of links)
      if (fact.subjects.some((subject) => found.has(subject))) for (const subject of fact.subjects) found.add(subject);
  }
  return found;
};

/**
 * Gathers the history of a party from the facts known; null when there is none by `limits.until`.
 * `world`: the facts about policies and links that were known.
 */
export const partyHistoryOf = async (
  partyId: string,
  world: ReadonlyArray<PlacedFact>,
  source: FactSource,
  limits: Omit<FactLimits, 'before' | 'after'>,
): Promise<PartyHistory | null> => {
  const { until } = limits;
  const allLinks = world.filter(({ fact }) => isLink(fact) && fact.occurredAt <= until);
  const own = everOneWith([partyId], allLinks);
  const facts = (await source.facts([...own], limits))
    .filter(({ fact }) => isCustomerFact(fact))
    .sort((a, b) => compareFacts(a.fact, b.fact));
  if (facts.length === 0) return null;
  const referred = everOneWith(referredBy(factsIn(facts)), allLinks);
  const orders = (referred.size === 0 ? [] : await source.facts([...referred], limits)).filter(
    ({ fact }) => fact.type === 'OrderPlaced' && referred.has(fact.data.partyId),
  );
  const heldFrom = new Map<string, bigint>();
  for (const party of own) {
    const held = await source.heldFrom([party]);
    if (held !== null) heldFrom.set(party, held);
  }
  const concerned = new Set([...own, ...referred]);
  return {
    partyId,
    parties: [partyId, ...[...own].filter((party) => party !== partyId).sort()],
    asOf: until,
    facts,
    orders,
    policies: world.filter(({ fact }) => !isLink(fact)),
    links: allLinks.filter(({ fact }) => fact.subjects.some((subject) => concerned.has(subject))),
    heldFrom,
  };
};

/** One customer of a history: what is folded while the links of an instant are in force. */
export interface HistoryFold {
  readonly root: string;
  readonly members: ReadonlyArray<string>;
  /** In fold order, without those that wait behind a dead letter. */
  readonly facts: ReadonlyArray<PlacedFact>;
  /** By instant, each with the fact that tells it. */
  readonly orders: ReadonlyArray<ReferredOrder & { readonly placed: PlacedFact }>;
}

/** `domain.md §5`: an order counts for whoever referred any party that is one with the buyer. */
const referredOrdersIn = ({ orders }: PartyHistory, links: Links, facts: ReadonlyArray<PlacedFact>) => {
  const found: (ReferredOrder & { placed: PlacedFact })[] = [];
  for (const referredId of orders.length === 0 ? [] : referredBy(factsIn(facts))) {
    const buyers = membersOf(links, rootOf(links, referredId));
    for (const placed of orders) {
      const { fact } = placed;
      if (fact.type === 'OrderPlaced' && buyers.includes(fact.data.partyId))
        found.push({ referredId, orderId: fact.data.orderId, at: fact.occurredAt, placed });
    }
  }
  return found.sort(byTime);
};

/** The customer that the party is by the merges up to an instant. */
export const customerAt = (history: PartyHistory, at: Instant): HistoryFold => {
  const links = linksOf(factsIn(history.links), at);
  const root = rootOf(links, history.partyId);
  const members = membersOf(links, root);
  const held = members.flatMap((member) => history.heldFrom.get(member) ?? []);
  const before = held.reduce<bigint | null>((first, from) => (first === null || from < first ? from : first), null);
  const facts = history.facts.filter(
    ({ fact, position }) =>
      (before === null || position < before) && fact.subjects.some((subject) => members.includes(subject)),
  );
  return { root, members, facts, orders: referredOrdersIn(history, links, facts) };
};

/** What of a history had happened by an earlier instant. */
export const upTo = (history: PartyHistory, asOf: Instant): PartyHistory => {
  const happened = ({ fact }: PlacedFact): boolean => fact.occurredAt <= asOf;
  const { facts, orders, links } = history;
  return {
    ...history,
    asOf,
    facts: facts.filter(happened),
    orders: orders.filter(happened),
    links: links.filter(happened),
  };
};

export const regimeOfHistory = ({ policies }: PartyHistory): Regime => regimeOf(factsIn(policies));

/** The customer at the end of its history; null when no fact is left to know it by. */
export const stateOf = (history: PartyHistory): CustomerState | null =>
  stateIn(history, regimeOfHistory(history), history.asOf);

/** The customer at an instant of its history, under these policies. */
export const stateIn = (history: PartyHistory, regime: Regime, at: Instant): CustomerState | null => {
  const { root, members, facts, orders } = customerAt(history, at);
  const known = facts.filter(({ fact }) => fact.occurredAt <= at);
  if (known.length === 0) return null;
  const fold: CustomerFold = startFold(root, members, regime);
  const due = orders.filter((order) => order.at <= at);
  if (foldFacts(fold, factsIn(known), regime, due) === null) throw new Error('nothing lies before the first fact');
  const { standing } = advance(fold, regime, at);
  return { evidence: fold.evidence, standing, policy: policyAt(regime, at), asOf: at };
};
