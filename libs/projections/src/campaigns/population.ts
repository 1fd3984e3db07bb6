import {
  belongsTo,
  type Campaign,
  campaignArm,
  type Evidence,
  initialValue,
  type Instant,
  isOutsideBase,
  judgeAtReview,
  segmentProfileOf,
  type Policy,
  type Standing,
} from '@afecto/domain';

type Customer = { readonly evidence: Evidence; readonly standing: Standing; readonly policy: Policy };

/** The tier that the review in force at the start computes; one review knows no hysteresis. */
const tierAtStart = ({ review }: Campaign, { evidence, policy }: Customer): string | null =>
  review === null ? null : judgeAtReview(evidence, initialValue, review, policy, review.asOf).tier;

/**
 * The arm of a customer in a campaign, null when it is not one of those that the campaign is for. Those are
 * the members of its segment at its start, or when they became known while it ran, whatever was done to
 * them since: both arms are chosen by the same rule, or their difference would say nothing (`domain.md
 * §13.6`). Employees and competitors take no part (§3), nor does who was erased by then.
 */
export const armOf = (campaign: Campaign, customer: Customer): 'test' | 'control' | null => {
  const { evidence, standing, policy } = customer;
  const { segment, campaignId, holdoutPct } = campaign;
  const { history } = standing.lifecycle;
  const known: Instant | undefined = history[0]?.from;
  if (segment === null || known === undefined) return null;
  const at = Math.max(campaign.startsAt, known);
  if (at >= campaign.endsAt || isOutsideBase(evidence, at)) return null;
  const phase = history.findLast(({ from }) => from <= at)?.phase ?? 'suspect';
  if (phase === 'erased') return null;
  const zone = standing.loyalty.history.findLast(({ from }) => from <= at)?.zone ?? 'unclassified';
  const tier = segment.tiers === undefined ? null : tierAtStart(campaign, customer);
  const profile = () => segmentProfileOf(evidence, policy, at);
  if (!belongsTo(segment, { kind: evidence.person.kind, phase, zone, tier, profile })) return null;
  return campaignArm(campaignId, evidence.partyId, holdoutPct);
};
