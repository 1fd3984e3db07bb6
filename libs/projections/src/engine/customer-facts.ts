import {
  compareFacts,
  type CustomerFold,
  type CustomerHistory,
  type Evidence,
  type Fact,
  foldCustomer,
  type Instant,
  type Links,
  membersOf,
  NEVER,
  type ReferredOrder,
  type Regime,
  rootOf,
} from '@afecto/domain';
import type { ReadModels } from '@afecto/read-models';
import type { EventStore } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { heldFromOf } from './dead-letters';
import { isLink, type PlacedFact, placedFact, readEvent, type Unreadable } from './ledger-entry';

/** What is in force for all customers: who is who, and which policies apply when. */
export interface World {
  readonly links: Links;
  readonly regime: Regime;
}

/** Which facts are asked for. */
export interface FactLimits {
  /** The last instant at which they happened, inclusive. */
  readonly until: Instant;
  /** Only facts that happened after this instant; default any. */
  readonly after?: Instant;
  /** The last instant at which they were recorded, inclusive; default any. */
  readonly knownAt?: Instant;
  /** Only facts at positions before this one. */
  readonly before?: bigint;
}

/** Where the facts of parties come from. */
export interface FactSource {
  /** Those that can be read, each once, in no particular order. */
  readonly facts: (partyIds: ReadonlyArray<string>, limits: FactLimits) => Promise<ReadonlyArray<PlacedFact>>;
  /** From where on the facts of a customer with these members wait behind a dead letter; null: they do not. */
  readonly heldFrom: (members: ReadonlyArray<string>) => Promise<bigint | null>;
}

/** The facts of the log, found by the ledger's index. `heldFrom`: default as the read models have it. */
export const ledgerSource = (
  readModels: ReadModels,
  store: EventStore,
  heldFrom: FactSource['heldFrom'] = async (partyIds) => heldFromOf(await readModels.deadLetters({ partyIds })),
): FactSource => ({
  heldFrom,
  facts: async (partyIds, { until, after = null, knownAt = NEVER, before = null }) => {
    const places = (await readModels.factsOf(partyIds, until)).filter(
      ({ position, occurredAt }) => (before === null || position < before) && (after === null || occurredAt > after),
    );
    const events = await store.eventsAt(places.map(({ position }) => position));
    return events.flatMap((event) => {
      const placed = placedFact(event);
      return placed !== null && placed.fact.recordedAt <= knownAt ? [placed] : [];
    });
  },
});

/** The events of these parties that cannot be read, whenever they happened. */
export const unreadableFacts = async (
  partyIds: ReadonlyArray<string>,
  readModels: ReadModels,
  store: EventStore,
): Promise<ReadonlyArray<Unreadable>> => {
  const places = await readModels.factsOf(partyIds, NEVER);
  const events = await store.eventsAt(places.map(({ position }) => position));
  return events.flatMap((event) => {
    const read = readEvent(event);
    return read !== null && E.isLeft(read) ? [read.left] : [];
  });
};

/** A source together with facts that are not in it yet. */
export const overlaid = (source: FactSource, placed: ReadonlyArray<PlacedFact>): FactSource => {
  const overlay = new Map<string, PlacedFact[]>();
  for (const entry of placed)
    for (const subject of entry.fact.subjects) {
      const known = overlay.get(subject);
      if (known) known.push(entry);
      else overlay.set(subject, [entry]);
    }
  const facts: FactSource['facts'] = async (partyIds, limits) => {
    const stored = await source.facts(partyIds, limits);
    const { until, after = null, before = null } = limits;
    const fresh = new Set<PlacedFact>();
    for (const partyId of partyIds)
      for (const entry of overlay.get(partyId) ?? [])
        if (
          entry.fact.occurredAt <= until &&
          (after === null || entry.fact.occurredAt > after) &&
          (before === null || entry.position < before)
        )
          fresh.add(entry);
    return fresh.size === 0 ? stored : [...stored, ...fresh];
  };
  return { facts, heldFrom: source.heldFrom };
};

export const byTime = (a: ReferredOrder, b: ReferredOrder): number =>
  a.at - b.at || (a.orderId < b.orderId ? -1 : a.orderId > b.orderId ? 1 : 0);

/** Orders of these parties: a referral converts by an order of the party referred (`domain.md §5`). */
export const referredOrdersOf = async (
  referredIds: ReadonlySet<string>,
  links: Links,
  source: FactSource,
  limits: FactLimits,
): Promise<ReadonlyArray<ReferredOrder>> => {
  const orders: ReferredOrder[] = [];
  for (const referredId of referredIds) {
    const members = membersOf(links, rootOf(links, referredId));
    for (const { fact: other } of await source.facts(members, limits))
      if (other.type === 'OrderPlaced' && members.includes(other.data.partyId))
        orders.push({ referredId, orderId: other.data.orderId, at: other.occurredAt });
  }
  return orders.sort(byTime);
};

/** The parties that these facts refer. */
export const referredBy = (facts: ReadonlyArray<Fact>): ReadonlySet<string> => {
  const referred = new Set<string>();
  for (const { type, data } of facts)
    if (type === 'ReferralMade' && data.referredId !== undefined) referred.add(data.referredId);
  return referred;
};

/** The parties that a customer has referred. */
export const referredIn = ({ referralsMade }: Evidence): ReadonlySet<string> =>
  new Set(referralsMade.flatMap(({ referredId }) => (referredId === null ? [] : [referredId])));

/** All facts of a customer up to an instant, in fold order, without links. */
export const factsOfCustomer = async (
  root: string,
  links: Links,
  source: FactSource,
  limits: FactLimits,
): Promise<ReadonlyArray<PlacedFact>> =>
  (await source.facts(membersOf(links, root), limits))
    .filter(({ fact }) => !isLink(fact))
    .sort((a, b) => compareFacts(a.fact, b.fact));

/**
 * The first fact that counts for a customer and is dated after the horizon: one of its own, of those
 * before `before`, or an order of a party that it has referred. `NEVER` when there is none.
 */
export const nextFactAt = async (
  { evidence }: CustomerFold,
  links: Links,
  source: FactSource,
  { horizon, before }: { readonly horizon: Instant; readonly before: bigint | null },
): Promise<Instant> => {
  const ahead: FactLimits = { until: NEVER, after: horizon };
  let next: Instant = NEVER;
  for (const { fact } of await source.facts(
    membersOf(links, evidence.partyId),
    before === null ? ahead : { ...ahead, before },
  ))
    if (fact.occurredAt < next && !isLink(fact)) next = fact.occurredAt;
  const [order] = await referredOrdersOf(referredIn(evidence), links, source, ahead);
  return Math.min(next, order?.at ?? NEVER);
};

/** A fold and what time alone made of it by the instant asked. */
export type FoldedCustomer = ReturnType<typeof foldCustomer>;

/** What a customer is folded from: those of its facts that do not wait; null when it has none by then. */
export const historyOf = async (
  root: string,
  world: World,
  source: FactSource,
  limits: Omit<FactLimits, 'before'>,
): Promise<CustomerHistory | null> => {
  const members = membersOf(world.links, root);
  const before = await source.heldFrom(members);
  const known = before === null ? limits : { ...limits, before };
  const facts = (await factsOfCustomer(root, world.links, source, known)).map(({ fact }) => fact);
  if (facts.length === 0) return null;
  const referredOrders = await referredOrdersOf(referredBy(facts), world.links, source, limits);
  return { partyId: root, members, facts, referredOrders };
};

/** A customer at an instant, from those of its facts that do not wait; null when it has none by then. */
export const foldFromFacts = async (
  root: string,
  world: World,
  source: FactSource,
  limits: Omit<FactLimits, 'before'>,
): Promise<FoldedCustomer | null> => {
  const history = await historyOf(root, world, source, limits);
  return history === null ? null : foldCustomer(history, world.regime, limits.until);
};
