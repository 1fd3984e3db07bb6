import { type Evidence, linesOf, type SegmentProfile } from '@afecto/domain';
import type { Figures, JsonObject } from '../figures/definition';
import { share } from '../figures/measures';
import { type Count, type Counted, keyOf, partsOf, prefixOf } from '../tally/contribute';

const REPORT = 'segments';
const PART = 'portrait';
const BETWEEN = ',';
/** So many customers must have bought of a line before its affinity says anything (`domain.md §13.5`). */
const SUPPORT = 20;

/** The channel on which a customer orders and calls most often; of several the first by name. */
const mainChannel = ({ placedOrders, interactions }: Evidence): string | null => {
  const used = new Map<string, number>();
  const use = (channel: string | null): void => {
    if (channel !== null) used.set(channel, (used.get(channel) ?? 0) + 1);
  };
  for (const { channel } of placedOrders) use(channel);
  for (const { channel, direction } of interactions) if (direction === 'inbound') use(channel);
  let main: string | null = null;
  for (const [channel, many] of used) {
    const most = main === null ? 0 : (used.get(main) ?? 0);
    if (main === null || many > most || (many === most && channel < main)) main = channel;
  }
  return main;
};

/**
 * Adds a customer to the portraits of the segments that it is in, or to what all have in common when it is
 * in none. It counts once, under all its segments together: several segments cost no more than one. Only
 * needs that the tenant's own document names have keys here; the key of any other may be anything.
 */
export const contributePortrait = (
  { evidence, policy }: Counted,
  segmentIds: ReadonlyArray<string>,
  profile: () => SegmentProfile,
  count: Count,
): void => {
  const { capabilities, segments } = policy.configuration;
  const members = segmentIds.join(BETWEEN);
  const one = (what: string, of: string, by = 1): void => count(keyOf(REPORT, PART, what, members, of), 0, by);
  if (evidence.person.preferences.length > 0)
    for (const need of profile().needs)
      one('need', capabilities.includes(need) || segments.some(({ needs }) => needs?.includes(need)) ? need : '');
  let [listMinor, discountMinor] = [0, 0];
  const kept = evidence.placedOrders.filter(({ fullyReversed }) => !fullyReversed);
  for (const order of kept) {
    listMinor += order.listMinor;
    discountMinor += order.listMinor - order.netMinor;
  }
  const lines = linesOf(kept, evidence.reversals);
  const channel = mainChannel(evidence) ?? '';
  if (lines.size === 0) {
    if (channel !== '') one('asked', channel);
    return;
  }
  // Who bought is who has a channel here: its sum is the number of buyers.
  one('bought', channel);
  one('prices', 'list', Math.round(listMinor));
  one('prices', 'discount', Math.round(discountMinor));
  for (const line of lines) one('line', line);
};

const sumOf = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((sum, many) => sum + many, 0);

/** Sums by what they are of, in one segment or in all. */
class Portrait {
  private readonly counts = new Map<string, Map<string, number>>();

  add(what: string, of: string, by: number): void {
    let sums = this.counts.get(what);
    if (sums === undefined) this.counts.set(what, (sums = new Map()));
    sums.set(of, (sums.get(of) ?? 0) + by);
  }

  of(what: string): ReadonlyMap<string, number> {
    return this.counts.get(what) ?? new Map();
  }

  one(what: string, of = ''): number {
    return this.of(what).get(of) ?? 0;
  }

  get buyers(): number {
    return sumOf(this.of('bought'));
  }

  /** Customers by the channel that they use most. */
  get channels(): ReadonlyMap<string, number> {
    const channels = new Map(this.of('bought'));
    for (const [channel, many] of this.of('asked')) channels.set(channel, (channels.get(channel) ?? 0) + many);
    return channels;
  }
}

/** The most frequent first. */
const listed = (name: string, counts: ReadonlyMap<string, number>, whole: number): JsonObject[] =>
  [...counts]
    .filter(([of]) => of !== '')
    .sort(([one, a], [other, b]) => b - a || (one < other ? -1 : 1))
    .map(([of, customers]) => ({ [name]: of, customers, share: share(customers, whole) }));

/**
 * Product lines by how many customers of the segment bought of them, each with its affinity: the lift
 * P(line | segment) / P(line) over those who bought anything, null under 20 customers.
 */
const affinities = (portrait: Portrait, all: Portrait): JsonObject[] => {
  const [buyers, everybody] = [portrait.buyers, all.buyers];
  return [...portrait.of('line')]
    .sort(([one, a], [other, b]) => b - a || (one < other ? -1 : 1))
    .map(([productLine, customers]) => ({
      productLine,
      customers,
      share: share(customers, buyers),
      lift:
        customers < SUPPORT
          ? null
          : (share(customers, buyers) ?? 0) / (share(all.one('line', productLine), everybody) ?? 1),
    }));
};

/**
 * A portrait of each segment for product, message, channel and price (`domain.md §18`, 66): needs that the
 * document names, the channel each member uses most, what of the list price it did not pay, and which
 * product lines it buys more than others do. Of all orders that stand, members as of now; amounts in minor
 * units. A segment is price sensitive above the discount share that no platinum customer may have (§6.5).
 */
export const portraitFigures: Figures = {
  code: 'PR20',
  name: 'portraits',
  title: 'A portrait of each segment: needs, channels, price sensitivity, affinity with product lines',
  read: async ({ readModels, policy }) => {
    const all = new Portrait();
    const bySegment = new Map<string, Portrait>();
    for (const [key, by] of await readModels.tallySums(prefixOf(REPORT, PART))) {
      const [, what = '', members = '', of = ''] = partsOf(key);
      all.add(what, of, by);
      for (const segmentId of members.split(BETWEEN)) {
        let portrait = bySegment.get(segmentId);
        if (portrait === undefined) bySegment.set(segmentId, (portrait = new Portrait()));
        portrait.add(what, of, by);
      }
    }
    const { segments, propositions, value } = policy.configuration;
    return {
      segments: segments.map(({ segmentId, name }) => {
        const portrait = bySegment.get(segmentId) ?? new Portrait();
        const discountShare = share(portrait.one('prices', 'discount'), portrait.one('prices', 'list'));
        return {
          segmentId,
          name,
          message: propositions.find((proposition) => proposition.segmentId === segmentId)?.statement ?? null,
          needs: listed('need', portrait.of('need'), sumOf(portrait.of('need'))),
          otherNeeds: portrait.one('need'),
          channels: listed('channel', portrait.channels, sumOf(portrait.channels)),
          prices: {
            listMinor: portrait.one('prices', 'list'),
            discountMinor: portrait.one('prices', 'discount'),
            discountShare,
            isPriceSensitive: discountShare === null ? null : discountShare > value.tiers.platinumMaxDiscountShare,
          },
          buyers: portrait.buyers,
          productLines: affinities(portrait, all),
        };
      }),
    };
  },
};
