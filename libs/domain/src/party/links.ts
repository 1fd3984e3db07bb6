import { compareFacts, type Fact, type FactOf } from '../facts/envelope';
import type { Instant } from '../time/calendar';

/** Which parties are one customer: the outcome of all merges and separations up to an instant (`domain.md §3`). */
export interface Links {
  /** Root of every party that a standing merge names; a party absent here is its own root. */
  readonly roots: ReadonlyMap<string, string>;
  /** By root: the root first, then the others by UTF-16 code unit. */
  readonly members: ReadonlyMap<string, ReadonlyArray<string>>;
}

type Merge = FactOf<'PartiesMerged'>;
type Separation = FactOf<'PartiesSeparated'>;

/** Key of a pair of parties; ids hold no blank (`domain.md §1`, Id). */
const pairKey = (survivorId: string, otherId: string): string => `${survivorId} ${otherId}`;

/**
 * The merges that no separation has undone. A separation undoes a merge of its own pair: the one that it
 * names, wherever that stands in time; when none of the pair's has that id, the latest standing one before
 * it; when there is none either, nothing. A merge of another pair stays: components are independent.
 */
const standingMerges = (sorted: ReadonlyArray<Merge | Separation>): ReadonlyArray<Merge> => {
  const pairs = new Map<string, string>();
  for (const { type, eventId, data } of sorted)
    if (type === 'PartiesMerged') pairs.set(eventId, pairKey(data.survivorId, data.absorbedId));
  const names = ({ mergedEventId, survivorId, separatedId }: Separation['data']): boolean =>
    pairs.get(mergedEventId) === pairKey(survivorId, separatedId);
  const undone = new Set<string>();
  for (const { type, data } of sorted) if (type === 'PartiesSeparated' && names(data)) undone.add(data.mergedEventId);

  const latest = new Map<string, string[]>();
  for (const fact of sorted) {
    if (fact.type === 'PartiesMerged') {
      const key = pairKey(fact.data.survivorId, fact.data.absorbedId);
      const before = latest.get(key);
      if (before) before.push(fact.eventId);
      else latest.set(key, [fact.eventId]);
    } else if (!names(fact.data)) {
      const candidates = latest.get(pairKey(fact.data.survivorId, fact.data.separatedId)) ?? [];
      const found = candidates.findLast((eventId) => !undone.has(eventId));
      if (found !== undefined) undone.add(found);
    }
  }
  return sorted.filter((fact): fact is Merge => fact.type === 'PartiesMerged' && !undone.has(fact.eventId));
};

/** Merges and separations up to an instant, in fact order. */
const linkFactsUntil = (facts: ReadonlyArray<Fact>, asOf: Instant): ReadonlyArray<Merge | Separation> =>
  facts
    .filter(
      (fact): fact is Merge | Separation =>
        (fact.type === 'PartiesMerged' || fact.type === 'PartiesSeparated') && fact.occurredAt <= asOf,
    )
    .sort(compareFacts);

/** Who is one customer after these merges, and by which of them each party that is no root any more ceased to be one. */
const groupsAfter = (merges: ReadonlyArray<Merge>) => {
  const groups = new Map<string, Group>();
  const displacedBy = new Map<string, Merge>();
  const groupOf = (partyId: string): Group => {
    const known = groups.get(partyId);
    if (known) return known;
    const alone = { root: partyId, members: [partyId] };
    groups.set(partyId, alone);
    return alone;
  };
  for (const merge of merges) {
    const survivor = groupOf(merge.data.survivorId);
    const absorbed = groupOf(merge.data.absorbedId);
    if (survivor === absorbed) continue;
    displacedBy.set(absorbed.root, merge);
    // The smaller list moves, whichever survives, so that a chain of any length costs n log n.
    const [larger, smaller] =
      survivor.members.length >= absorbed.members.length ? [survivor, absorbed] : [absorbed, survivor];
    larger.root = survivor.root;
    for (const partyId of smaller.members) {
      larger.members.push(partyId);
      groups.set(partyId, larger);
    }
  }
  return { groups, displacedBy };
};

/**
 * The links in force at `asOf`: facts with a later `occurredAt` and facts of other types are left
 * out. A function of the set of facts: arrival order and repeats do not matter. A separation gives
 * exactly the links of a history in which its merge never happened. Merges fold in fact order; each
 * puts the root of the absorbed party under the root of the survivor, and one between parties that
 * are already one customer (a repeat, a cycle) changes nothing while the earlier ones stand.
 * Components are independent: the facts of a part of the parties give the same links for that part
 * if no merge leads out of it.
 */
export const linksOf = (facts: ReadonlyArray<Fact>, asOf: Instant = Number.POSITIVE_INFINITY): Links =>
  inReadingOrder(groupsAfter(standingMerges(linkFactsUntil(facts, asOf))).groups);

interface Group {
  root: string;
  readonly members: string[];
}

const inReadingOrder = (groups: ReadonlyMap<string, Group>): Links => {
  const roots = new Map<string, string>();
  const members = new Map<string, ReadonlyArray<string>>();
  for (const partyId of [...groups.keys()].sort()) {
    const group = groups.get(partyId);
    if (!group) continue;
    roots.set(partyId, group.root);
    if (group.root === partyId)
      members.set(partyId, [partyId, ...group.members.filter((member) => member !== partyId).sort()]);
  }
  return { roots, members };
};

/** The customer that a party belongs to; a party without standing merges is its own. */
export const rootOf = (links: Links, partyId: string): string => links.roots.get(partyId) ?? partyId;

/** All parties of the customer that `partyId` belongs to: the root first, then the others sorted. */
export const membersOf = (links: Links, partyId: string): ReadonlyArray<string> => {
  const root = rootOf(links, partyId);
  return links.members.get(root) ?? [root];
};

/**
 * The standing merge by which a party is no root at `asOf`: the latest that absorbed it, else the one by which
 * a party already merged into it took its customer along. Null when there is none.
 */
export const mergeOf = (
  facts: ReadonlyArray<Fact>,
  partyId: string,
  asOf: Instant,
): { readonly survivorId: string; readonly absorbedId: string; readonly mergedEventId: string } | null => {
  const merges = standingMerges(linkFactsUntil(facts, asOf));
  const merge =
    merges.findLast(({ data }) => data.absorbedId === partyId) ?? groupsAfter(merges).displacedBy.get(partyId);
  return merge === undefined
    ? null
    : { survivorId: merge.data.survivorId, absorbedId: merge.data.absorbedId, mergedEventId: merge.eventId };
};
