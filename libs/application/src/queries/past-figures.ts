import {
  type CustomerState,
  type Evidence,
  identifierSchemes,
  type Instant,
  type Links,
  normaliseIdentifier,
  type QueueId,
  queueIds,
  rootOf,
} from '@afecto/domain';
import type { FactSource, PartyView } from '@afecto/projections';

type FiguresSource = Parameters<PartyView['read']>[1];

/**
 * What views ask of the read models about other parties, as of an instant and as it was known then: the
 * tables hold what is so now. Whoever holds an identifier then has said so before, and is in the table.
 */
export const pastFigures = (
  present: FiguresSource,
  source: FactSource,
  stateOf: (partyId: string) => Promise<CustomerState | null>,
  asOf: Instant,
  knownAt: Instant | undefined,
): FiguresSource => ({
  checkpoint: () => present.checkpoint(),
  tallySums: (prefix, range) => present.tallySums(prefix, range),
  tallyBuckets: (key, range) => present.tallyBuckets(key, range),
  countDeadLetters: () => present.countDeadLetters(),
  referrersOf: async (partyIds) => {
    const limits = knownAt === undefined ? { until: asOf } : { until: asOf, knownAt };
    const referrers = new Set<string>();
    for (const { fact } of await source.facts(partyIds, limits))
      if (fact.type === 'ReferralMade' && fact.data.referredId !== undefined && partyIds.includes(fact.data.referredId))
        referrers.add(fact.data.referrerId);
    return [...referrers].sort();
  },
  ownersOf: async (name, value) => {
    const scheme = identifierSchemes.find((known) => known === name);
    if (scheme === undefined) return [];
    const owners = await present.ownersOf(scheme, value);
    const then = await Promise.all(
      owners.map(async (owner) => {
        const state = await stateOf(owner.partyId);
        const held = (state?.evidence.person.identifiers ?? []).filter(
          (one) => one.scheme === scheme && normaliseIdentifier({ scheme, value: one.value }).value === value,
        );
        return held.length === 0 ? [] : [{ ...owner, verified: held.some(({ verified }) => verified) }];
      }),
    );
    return then.flat();
  },
});

/** The same about customers: who is merged into another one answers as that one. */
export const aboutCustomers = (source: FiguresSource, links: Links): FiguresSource => ({
  checkpoint: () => source.checkpoint(),
  tallySums: (prefix, range) => source.tallySums(prefix, range),
  tallyBuckets: (key, range) => source.tallyBuckets(key, range),
  countDeadLetters: () => source.countDeadLetters(),
  referrersOf: async (partyIds) => [
    ...new Set((await source.referrersOf(partyIds)).map((partyId) => rootOf(links, partyId))),
  ],
  ownersOf: async (scheme, value) =>
    (await source.ownersOf(scheme, value)).map((owner) => ({ ...owner, partyId: rootOf(links, owner.partyId) })),
});

/** Adds the claims of a customer's items to those of each queue. */
export const countClaims = ({ workItems }: Evidence, made: Map<QueueId, number>): void => {
  for (const { queue: name, acts } of workItems.values()) {
    const queue = queueIds.find((known) => known === name);
    const claims = acts.filter(({ act }) => act === 'claimed').length;
    if (queue !== undefined) made.set(queue, (made.get(queue) ?? 0) + claims);
  }
};
