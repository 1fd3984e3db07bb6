import type { Campaign, Policy } from '@afecto/domain';
import { dayOf, type Figures, type FiguresSource } from '../figures/definition';
import { share } from '../figures/measures';
import { isoOrNull } from '../iso';
import { keyOf, partsOf, prefixOf } from '../tally/contribute';
import { REPORT, SQUARE_BASE } from './contribution';
import { type Sample, welch } from './welch';

/** Sums of one campaign by measure. */
type Sums = ReadonlyMap<string, number>;

const nothing: Sums = new Map();

const sumsByCampaign = async (
  readModels: FiguresSource,
  to?: number,
): Promise<ReadonlyMap<string, Map<string, number>>> => {
  const byCampaign = new Map<string, Map<string, number>>();
  for (const [key, sum] of await readModels.tallySums(prefixOf(REPORT), to === undefined ? {} : { to })) {
    const [campaignId = '', ...measure] = partsOf(key);
    let sums = byCampaign.get(campaignId);
    if (sums === undefined) byCampaign.set(campaignId, (sums = new Map()));
    sums.set(measure.join(' '), sum);
  }
  return byCampaign;
};

/**
 * Share of those whom campaigns reached that responded, 0..1, by segment; of a segment without a campaign
 * that of all campaigns, and null before the first contact of any.
 */
export const responseRates = async (
  readModels: FiguresSource,
  policy: Policy,
): Promise<(segmentId: string) => number | null> => {
  const byCampaign = await sumsByCampaign(readModels);
  const rateOf = (campaigns: ReadonlyArray<Campaign>): number | null => {
    const sumOf = (measure: string): number =>
      campaigns.reduce((sum, { campaignId }) => sum + (byCampaign.get(campaignId)?.get(measure) ?? 0), 0);
    return share(sumOf('reachedResponded'), sumOf('reached'));
  };
  const overall = rateOf(policy.launched);
  return (segmentId) => rateOf(policy.launched.filter((campaign) => campaign.segmentId === segmentId)) ?? overall;
};

const sampleOf = async (readModels: FiguresSource, campaignId: string, arm: string, sums: Sums): Promise<Sample> => {
  const digits = await readModels.tallyBuckets(keyOf(REPORT, campaignId, arm, 'squares'));
  return {
    count: sums.get(arm) ?? 0,
    sum: BigInt(sums.get(`${arm} minor`) ?? 0),
    squares: digits.reduce((total, [place, sum]) => total + BigInt(sum) * SQUARE_BASE ** BigInt(place), 0n),
  };
};

/**
 * Lift of the mean contribution per party, test less control, over the campaign's window, and the return
 * on what it cost: (lift · n_test − cost) / cost. `unknown` without a holdout or before anyone is in both
 * arms: never guessed (`domain.md §13.6`).
 */
const effectOf = async (readModels: FiguresSource, { campaignId, holdoutPct, budgetMinor }: Campaign, sums: Sums) => {
  const unknown = { lift: 'unknown', roi: 'unknown' } as const;
  if (holdoutPct === 0) return unknown;
  const test = await sampleOf(readModels, campaignId, 'test', sums);
  const control = await sampleOf(readModels, campaignId, 'control', sums);
  const compared = welch(test, control);
  if (compared === null) return unknown;
  const roiOf = (lift: number): number | null =>
    budgetMinor === 0 ? null : (lift * test.count - budgetMinor) / budgetMinor;
  const { meanOne, meanOther, difference, interval } = compared;
  return {
    lift: { meanTestMinor: meanOne, meanControlMinor: meanOther, liftMinor: difference, interval95: interval },
    roi: {
      value: roiOf(difference),
      interval95: interval === null ? null : { low: roiOf(interval.low), high: roiOf(interval.high) },
    },
  };
};

export interface CampaignEffect {
  readonly campaignId: string;
  readonly budgetMinor: number;
  readonly test: number;
  readonly control: number;
  /** Mean contribution per party, test less control, with its 95 % interval, minor units. */
  readonly liftMinor: number;
  readonly interval95: { readonly low: number; readonly high: number } | null;
}

/** What campaigns changed against their control arms; those without one, or with nobody in an arm, are not there. */
export const effectsOf = async (
  readModels: FiguresSource,
  campaigns: ReadonlyArray<Campaign>,
): Promise<ReadonlyArray<CampaignEffect>> => {
  const held = campaigns.filter(({ holdoutPct }) => holdoutPct > 0);
  if (held.length === 0) return [];
  const byCampaign = await sumsByCampaign(readModels);
  const effects: CampaignEffect[] = [];
  for (const { campaignId, budgetMinor } of held) {
    const sums = byCampaign.get(campaignId) ?? nothing;
    const test = await sampleOf(readModels, campaignId, 'test', sums);
    const control = await sampleOf(readModels, campaignId, 'control', sums);
    const compared = welch(test, control);
    if (compared === null) continue;
    const { difference, interval } = compared;
    effects.push({
      campaignId,
      budgetMinor,
      test: test.count,
      control: control.count,
      liftMinor: difference,
      interval95: interval,
    });
  }
  return effects;
};

const acquisitionOf = (sums: Sums, mature: Sums) => {
  const acquired = sums.get('acquired') ?? 0;
  return {
    customers: acquired,
    /** Those whose first 180 days are over. */
    complete: mature.get('acquired') ?? 0,
    meanContributionMinor: share(sums.get('acquiredMinor') ?? 0, acquired),
  };
};

const outcomeOf = (sums: Sums, past: Sums) => {
  const of = (measure: string): number => sums.get(measure) ?? 0;
  const expired = past.get('unanswered') ?? 0;
  return {
    contacts: of('contacts'),
    reached: of('reached'),
    responded: of('responded'),
    responseRate: share(of('reachedResponded'), of('reached')),
    enquiries: of('enquiries'),
    offers: {
      made: of('offers'),
      accepted: of('accepted'),
      declined: of('declined'),
      open: of('unanswered') - expired,
      expired,
    },
    orders: of('orders'),
    revenueMinor: of('revenueMinor'),
    acquisition: acquisitionOf(sums, past),
  };
};

const termsOf = ({
  name,
  objective,
  segmentId,
  propositionId,
  startsAt,
  endsAt,
  holdoutPct,
  budgetMinor,
}: Campaign) => ({
  name,
  objective,
  segmentId,
  propositionId,
  startsAt: isoOrNull(startsAt),
  endsAt: isoOrNull(endsAt),
  holdoutPct,
  /** The budget: what a campaign really cost is no fact of the catalogue. */
  costMinor: budgetMinor,
});

/**
 * PR15: each campaign that ran in the window, to date. Reach: parties of whom an attempt got through.
 * Response: an enquiry, an inbound contact, an accepted offer or an order that cites it. Acquired: the
 * first order cites it. `ranking`: value, not volume, by mean contribution of the first 180 days of those
 * acquired (`domain.md §6.6`). Campaigns that only facts cite have no terms and are always shown.
 */
export const campaignFigures: Figures = {
  code: 'PR15',
  name: REPORT,
  title: 'Campaigns: reach, response, offers, orders, who was acquired and their worth, lift and return',
  read: async ({ readModels, policy, asOf, days }) => {
    const [byCampaign, past] = await Promise.all([
      sumsByCampaign(readModels),
      sumsByCampaign(readModels, dayOf(asOf, policy) - 1),
    ]);
    const launched = policy.launched.filter(
      ({ startsAt, endsAt }) => dayOf(startsAt, policy) <= days.to && dayOf(endsAt - 1, policy) >= days.from,
    );
    const known = new Set(policy.launched.map(({ campaignId }) => campaignId));
    const cited = [...byCampaign.keys()].filter((campaignId) => !known.has(campaignId));
    const sumsOf = (campaignId: string) => byCampaign.get(campaignId) ?? nothing;
    const pastOf = (campaignId: string) => past.get(campaignId) ?? nothing;
    const campaigns = await Promise.all(
      launched.map(async (campaign) => {
        const sums = sumsOf(campaign.campaignId);
        const { campaignId } = campaign;
        return {
          campaignId,
          terms: termsOf(campaign),
          arms: {
            test: sums.get('test') ?? 0,
            control: sums.get('control') ?? 0,
            controlContacted: sums.get('controlContacted') ?? 0,
          },
          ...outcomeOf(sums, pastOf(campaignId)),
          ...(await effectOf(readModels, campaign, sums)),
        };
      }),
    );
    const others = cited.map((campaignId) => ({
      campaignId,
      terms: null,
      arms: null,
      ...outcomeOf(sumsOf(campaignId), pastOf(campaignId)),
      lift: 'unknown' as const,
      roi: 'unknown' as const,
    }));
    const all = [...campaigns, ...others];
    return { campaigns: all, ranking: ranked(all) };
  },
};

interface Acquiring {
  readonly campaignId: string;
  readonly acquisition: ReturnType<typeof acquisitionOf>;
}

/** The campaigns that brought customers, the most valuable first. */
const ranked = (campaigns: ReadonlyArray<Acquiring>) =>
  campaigns
    .flatMap(({ campaignId, acquisition: { customers, meanContributionMinor } }) =>
      meanContributionMinor === null ? [] : [{ campaignId, customers, meanContributionMinor }],
    )
    .sort(
      (one, other) =>
        other.meanContributionMinor - one.meanContributionMinor || (one.campaignId < other.campaignId ? -1 : 1),
    );
