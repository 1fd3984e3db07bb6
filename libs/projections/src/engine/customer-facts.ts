import {
  compareFacts,
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
import { isLink, type PlacedFact, placedFact } from './ledger-entry';

/** What is in force for all customers: who is who, and which policies apply when. */
export interface World {
  readonly links: Links;
  readonly regime: Regime;
}

/** Where the facts of parties come from. `limits` are inclusive. */
export type FactSource = (
  partyIds: ReadonlyArray<string>,
  limits: { readonly until: Instant; readonly knownAt?: Instant },
) => Promise<ReadonlyArray<PlacedFact>>;

/** The facts of the log, found by the ledger's index. */
export const ledgerSource =
  (readModels: ReadModels, store: EventStore): FactSource =>
  async (partyIds, { until, knownAt = NEVER }) => {
    const places = await readModels.factsOf(partyIds, until);
    const events = await store.eventsAt(places.map(({ position }) => position));
    return events.flatMap((event) => {
      const placed = placedFact(event);
      return placed !== null && placed.fact.recordedAt <= knownAt ? [placed] : [];
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
  return async (partyIds, limits) => {
    const stored = await source(partyIds, limits);
    const fresh = new Set<PlacedFact>();
    for (const partyId of partyIds)
      for (const entry of overlay.get(partyId) ?? []) if (entry.fact.occurredAt <= limits.until) fresh.add(entry);
    return fresh.size === 0 ? stored : [...stored, ...fresh];
  };
};

export const byTime = (a: ReferredOrder, b: ReferredOrder): number =>
  a.at - b.at || (a.orderId < b.orderId ? -1 : a.orderId > b.orderId ? 1 : 0);

/** Orders of the parties that these facts refer: a referral converts by another party's order (`domain.md §5`). */
export const referredOrdersOf = async (
  facts: ReadonlyArray<Fact>,
  links: Links,
  source: FactSource,
  limits: { readonly until: Instant; readonly knownAt?: Instant },
): Promise<ReadonlyArray<ReferredOrder>> => {
  const orders: ReferredOrder[] = [];
  const looked = new Set<string>();
  for (const fact of facts) {
    if (fact.type !== 'ReferralMade' || fact.data.referredId === undefined) continue;
    const { referredId } = fact.data;
    if (looked.has(referredId)) continue;
    looked.add(referredId);
    const members = membersOf(links, rootOf(links, referredId));
    for (const { fact: other } of await source(members, limits))
      if (other.type === 'OrderPlaced' && members.includes(other.data.partyId))
        orders.push({ referredId, orderId: other.data.orderId, at: other.occurredAt });
  }
  return orders.sort(byTime);
};

/** All facts of a customer up to an instant, in fold order, without links. */
export const factsOfCustomer = async (
  root: string,
  links: Links,
  source: FactSource,
  limits: { readonly until: Instant; readonly knownAt?: Instant },
): Promise<ReadonlyArray<PlacedFact>> =>
  (await source(membersOf(links, root), limits))
    .filter(({ fact }) => !isLink(fact))
    .sort((a, b) => compareFacts(a.fact, b.fact));

/** The first fact of a customer that is dated after the horizon; `NEVER` when there is none. */
export const nextFactAt = async (
  root: string,
  links: Links,
  source: FactSource,
  horizon: Instant,
): Promise<Instant> => {
  let next: Instant = NEVER;
  for (const { fact } of await source(membersOf(links, root), { until: NEVER }))
    if (fact.occurredAt > horizon && fact.occurredAt < next && !isLink(fact)) next = fact.occurredAt;
  return next;
};

/** A fold and what time alone made of it by the instant asked. */
export type FoldedCustomer = ReturnType<typeof foldCustomer>;

/** A customer at an instant, from its facts; null when it has none by then. */
export const foldFromFacts = async (
  root: string,
  world: World,
  source: FactSource,
  limits: { readonly until: Instant; readonly knownAt?: Instant },
): Promise<FoldedCustomer | null> => {
  const facts = (await factsOfCustomer(root, world.links, source, limits)).map(({ fact }) => fact);
  if (facts.length === 0) return null;
  const referredOrders = await referredOrdersOf(facts, world.links, source, limits);
  return foldCustomer(
    { partyId: root, members: membersOf(world.links, root), facts, referredOrders },
    world.regime,
    limits.until,
  );
};
