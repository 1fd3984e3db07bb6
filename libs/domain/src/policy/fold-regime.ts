import { compareFacts, type Fact, type FactOf } from '../facts/envelope';
import { type Instant, NEVER } from '../time/calendar';
import { type Configuration, defaultConfiguration } from './configuration';
import { configurationFaults } from './configuration-validity';
import type { Initiative } from './events';
import type { Campaign, Policy, Regime, Review } from './regime';
import { formerTermsOf } from './terms';

/** Something that is in force from an instant on, until the next of its kind. */
interface InForce<T> {
  readonly from: Instant;
  readonly what: T;
}

/** Documents do not change, and a regime is folded anew for every question about the past. */
const judged = new WeakMap<Configuration, boolean>();

const isSound = (configuration: Configuration): boolean => {
  const known = judged.get(configuration);
  if (known !== undefined) return known;
  const sound = configurationFaults(configuration).length === 0;
  judged.set(configuration, sound);
  return sound;
};

/**
 * Configurations by `effectiveFrom`. Several of one instant, and one version activated again for
 * that instant: the highest version, of that the last in fact order. The number inside the document
 * gives way to that of the fact, which is what decisions record. A document that the command would
 * have refused is not in force: logs from before the doors looked into facts may have one.
 */
const configurationsOf = (sorted: ReadonlyArray<Fact>): ReadonlyArray<InForce<Configuration>> =>
  sorted
    .filter((fact): fact is FactOf<'ConfigurationActivated'> => fact.type === 'ConfigurationActivated')
    .filter(({ data }) => isSound(data.config))
    .map(({ data: { config, effectiveFrom, version } }) => {
      const { former: _, ...document } = config;
      return { from: Date.parse(effectiveFrom), what: { ...document, version } };
    })
    .filter(({ from }) => !Number.isNaN(from))
    .sort((a, b) => a.from - b.from || a.what.version - b.what.version);

const reviewsOf = (sorted: ReadonlyArray<Fact>): ReadonlyArray<InForce<Review>> =>
  sorted
    .filter((fact): fact is FactOf<'PortfolioReviewed'> => fact.type === 'PortfolioReviewed')
    .map(({ data, eventId, occurredAt }) => {
      const asOf = Date.parse(data.asOf);
      return { from: occurredAt, what: { ...data, eventId, asOf: Number.isNaN(asOf) ? occurredAt : asOf } };
    });

/** Activations that state an initiative, in the order in which they come into force. */
const initiativesOf = (sorted: ReadonlyArray<Fact>): ReadonlyArray<InForce<Initiative>> =>
  sorted
    .flatMap((fact) => {
      if (fact.type !== 'ConfigurationActivated' || fact.data.initiative === undefined) return [];
      const { config, effectiveFrom, initiative, version } = fact.data;
      if (!isSound(config)) return [];
      return [{ from: Date.parse(effectiveFrom), what: initiative, version }];
    })
    .filter(({ from }) => !Number.isNaN(from))
    .sort((a, b) => a.from - b.from || a.version - b.version);

/** The initiatives with another statement of one of them, by id. */
const restated = (known: ReadonlyArray<Initiative>, initiative: Initiative): ReadonlyArray<Initiative> =>
  [...known.filter(({ initiativeId }) => initiativeId !== initiative.initiativeId), initiative].sort((a, b) =>
    a.initiativeId < b.initiativeId ? -1 : 1,
  );

/** A campaign as it was launched, before it is known what is in force at its start. */
type Launched = Omit<Campaign, 'segment' | 'review'>;

/** One campaign an id: launched again, the last in fact order is what runs. */
const campaignsOf = (sorted: ReadonlyArray<Fact>): ReadonlyArray<Launched> => {
  const byId = new Map<string, Launched>();
  for (const fact of sorted) {
    if (fact.type !== 'CampaignLaunched') continue;
    const { campaignId, name, segmentId, channels, holdoutPct, budgetMinor, objective, propositionId } = fact.data;
    byId.set(campaignId, {
      campaignId,
      eventId: fact.eventId,
      name,
      segmentId,
      channels,
      startsAt: Date.parse(fact.data.startsAt),
      endsAt: Date.parse(fact.data.endsAt),
      holdoutPct,
      budgetMinor,
      objective,
      propositionId,
    });
  }
  return [...byId.values()]
    .filter(({ startsAt, endsAt }) => startsAt < endsAt)
    .sort((a, b) => a.startsAt - b.startsAt || (a.campaignId < b.campaignId ? -1 : 1));
};

/**
 * The policies that global facts put in force (`domain.md §1`): a configuration from its
 * `effectiveFrom`, a review from the instant it happened, a campaign from `startsAt` until before
 * `endsAt`. Version 0, the defaults, is in force before the first activation. Total: any facts in any
 * order, those of other types do not count; a function of the set of facts.
 */
export const regimeOf = (globalFacts: ReadonlyArray<Fact>): Regime => {
  const sorted = [...globalFacts].sort(compareFacts);
  const configurations = configurationsOf(sorted);
  const reviews = reviewsOf(sorted);
  const campaigns = campaignsOf(sorted);
  const stated = initiativesOf(sorted);

  const boundaries = new Set<Instant>();
  for (const { from } of configurations) boundaries.add(from);
  for (const { from } of reviews) boundaries.add(from);
  for (const { startsAt, endsAt } of campaigns) boundaries.add(startsAt).add(endsAt);

  const first: Policy = {
    configuration: defaultConfiguration,
    review: null,
    campaigns: [],
    launched: [],
    initiatives: [],
    since: Number.NEGATIVE_INFINITY,
  };
  const policies: Policy[] = [first];
  let { configuration, review }: Pick<Policy, 'configuration' | 'review'> = first;
  let running: ReadonlyArray<Campaign> = [];
  let launched: ReadonlyArray<Campaign> = [];
  let initiatives: ReadonlyArray<Initiative> = [];
  let nextConfiguration = 0;
  let nextReview = 0;
  let nextCampaign = 0;
  let nextInitiative = 0;
  for (const since of [...boundaries].sort((a, b) => a - b)) {
    const before = configuration;
    for (let due = configurations[nextConfiguration]; due && due.from <= since;) {
      configuration = { ...due.what, ...formerTermsOf(due.what, before, since) };
      due = configurations[++nextConfiguration];
    }
    for (let due = reviews[nextReview]; due && due.from <= since;) {
      review = due.what;
      due = reviews[++nextReview];
    }
    for (let due = stated[nextInitiative]; due && due.from <= since;) {
      initiatives = restated(initiatives, due.what);
      due = stated[++nextInitiative];
    }
    const started: Campaign[] = [];
    for (let due = campaigns[nextCampaign]; due && due.startsAt <= since;) {
      const segmentId = due.segmentId;
      const segment = configuration.segments.find((known) => known.segmentId === segmentId) ?? null;
      started.push({ ...due, segment, review });
      due = campaigns[++nextCampaign];
    }
    running = [...running, ...started].filter(({ endsAt }) => since < endsAt);
    if (started.length > 0) launched = [...launched, ...started];
    policies.push({ configuration, review, campaigns: running, launched, initiatives, since });
  }
  return { policies };
};

/** Index of the policy in force at `at`: the last one with `since` ≤ `at`. */
const indexAt = ({ policies }: Regime, at: Instant): number => {
  const last = policies.length - 1;
  const newest = policies[last];
  if (newest === undefined) throw new Error('a regime has at least one policy');
  // Most questions are about now.
  if (newest.since <= at) return last;
  let low = 0;
  let high = last - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((policies[middle]?.since ?? NEVER) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
};

/** The policy in force at `at`. */
export const policyAt = (regime: Regime, at: Instant): Policy => {
  const policy = regime.policies[indexAt(regime, at)];
  if (policy === undefined) throw new Error('a regime has a policy at every instant');
  return policy;
};

/** The first instant strictly later than `at` at which another policy comes into force; `NEVER` if none. */
export const nextPolicyChange = (regime: Regime, at: Instant): Instant =>
  regime.policies[indexAt(regime, at) + 1]?.since ?? NEVER;
