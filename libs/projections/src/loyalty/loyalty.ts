import {
  type CustomerState,
  explain,
  type LoyaltyExplanation,
  type LoyaltySummary,
  summarise,
  type ZonePeriod,
} from '@afecto/domain';
import { isoOrNull } from '../iso';

type Dated<T, K extends keyof T> = Omit<T, K> & { readonly [P in K]: string | null };

/** PR07: the explanation of `domain.md §7.6`, with instants as they travel. */
export type LoyaltyView = Dated<Omit<LoyaltyExplanation, 'evidence'>, 'asOf' | 'since'> & {
  readonly evidence: ReadonlyArray<Dated<LoyaltyExplanation['evidence'][number], 'occurredAt'>>;
};

/**
 * Zone, rules and what holds it are those in force (decided at the last evaluation, `domain.md §1`);
 * score, axes, families and evidence are computed at `asOf` itself.
 */
export const loyaltyOf = ({ evidence, standing, policy, asOf }: CustomerState): LoyaltyView => {
  const explanation = explain(evidence, standing.loyalty, policy, asOf);
  return {
    ...explanation,
    asOf: isoOrNull(explanation.asOf),
    since: isoOrNull(explanation.since),
    evidence: explanation.evidence.map((entry) => ({ ...entry, occurredAt: isoOrNull(entry.occurredAt) })),
  };
};

/** PR07 as the profile shows it. */
export type LoyaltySummaryView = Dated<LoyaltySummary, 'since'>;

/** The same as in `loyaltyOf`, without the reasons. */
export const loyaltySummaryOf = ({ evidence, standing, policy, asOf }: CustomerState): LoyaltySummaryView => {
  const summary = summarise(evidence, standing.loyalty, policy, asOf);
  return { ...summary, since: isoOrNull(summary.since) };
};

export type ZonePeriodView = Dated<ZonePeriod, 'from' | 'to'>;

export const zoneHistoryOf = ({ standing }: CustomerState): ReadonlyArray<ZonePeriodView> =>
  standing.loyalty.history.map((period) => ({ ...period, from: isoOrNull(period.from), to: isoOrNull(period.to) }));
