import { contactable } from '../consent/contactable';
import type { WorkItem } from '../customer/standing';
import type { Campaign } from '../policy/regime';
import { fitOf } from '../relationship/fit';
import { hasRole } from '../relationship/roles';
import { DAY_MS, type Instant } from '../time/calendar';
import { windowExit } from '../relationship/window';
import { belongsTo, segmentProfileOf } from '../value/segments';
import { permittedChannel } from './channel';
import { campaignArm } from './campaign-arm';
import { isDormantSegment } from './dormant-segment';
import {
  closes,
  coolDownEnd,
  hasItem,
  hasOrderedSince,
  nothing,
  type Opening,
  plainRule,
  type QueueContext,
  type QueueRule,
} from './rule';

/** Suspects and prospects, and lost customers where the segment is of dormant ones. */
const isTarget = (campaign: Campaign, { evidence, standing, policy, configuration, asOf }: QueueContext): boolean => {
  const segment = configuration.segments.find(({ segmentId }) => segmentId === campaign.segmentId);
  const { phase } = standing.lifecycle;
  const { kind } = evidence.person;
  const { tier } = standing.value;
  const profile = () => segmentProfileOf(evidence, policy, asOf);
  if (segment === undefined || !belongsTo(segment, { kind, phase, tier, zone: standing.loyalty.zone, profile }))
    return false;
  return phase === 'suspect' || phase === 'prospect' || (phase === 'lost' && isDormantSegment(segment));
};

/** Those of a campaign; null when it names none. */
const channelsOf = ({ channels }: Campaign): ReadonlyArray<string> | null => (channels.length === 0 ? null : channels);

const mayContact = (campaign: Campaign, { evidence, asOf }: QueueContext): boolean =>
  contactable(evidence, 'marketing', asOf, channelsOf(campaign));

/** A guarantor is never marketed to through that role (`domain.md §3`). */
const isOnlyGuarantor = ({ evidence, standing, asOf }: QueueContext): boolean =>
  standing.lifecycle.phase === 'suspect' && hasRole(evidence, 'guarantor', asOf);

const openingOf = (campaign: Campaign, { evidence, configuration, asOf }: QueueContext): Opening => ({
  triggerKey: campaign.campaignId,
  dueAt: Math.min(campaign.endsAt, asOf + configuration.queues.Q3.dueDays * DAY_MS),
  obligedSince: asOf,
  weight: configuration.queues.priority.weights.Q3,
  skill: null,
  what: `Present proposition ${campaign.propositionId}`,
  how: permittedChannel(evidence, 'marketing', { channels: channelsOf(campaign) }),
  why: `In the segment of the running campaign ${campaign.campaignId}`,
  causedBy: [campaign.eventId],
  retentionKind: null,
});

/** Enquiries that ended without an order keep targeting quiet (`domain.md §11.3 Q4`). */
const quietAfterEnquiries = ({ evidence, configuration: { queues } }: QueueContext): Instant => {
  let end = Number.NEGATIVE_INFINITY;
  if (evidence.enquiries.size === 0) return end;
  for (const { closedAt, outcome } of evidence.enquiries.values()) {
    if (closedAt === null) continue;
    if (outcome === 'lost') end = Math.max(end, closedAt + queues.Q4.lostBlocksTargetingDays * DAY_MS);
    if (outcome === 'disqualified') end = Math.max(end, closedAt + queues.Q4.disqualifiedDays * DAY_MS);
  }
  return end;
};

const boughtOrAskedSince = (item: WorkItem, { evidence }: QueueContext): boolean => {
  if (hasOrderedSince(item, evidence)) return true;
  for (const { receivedAt } of evidence.enquiries.values())
    if (receivedAt !== null && receivedAt > item.enteredAt) return true;
  return false;
};

/**
 * Q3 targeting (`domain.md §11.3`). Entry: a suspect or prospect, or a lost customer of a dormant
 * segment, in the segment of a running campaign, in its test arm, fit unknown or at least 40,
 * contactable for marketing. Due: 14 d, not after the campaign. Exit: an enquiry or an order, the
 * campaign over, consent withdrawn. `no_response` tries again after 30 d, three times in all;
 * `not_interested` keeps quiet for 180 d.
 */
export const targeting: QueueRule = {
  ...plainRule,
  queue: 'Q3',
  proactive: true,
  outcomes: {
    interested: () => closes,
    not_interested: () => closes,
    wrong_contact: () => closes,
    no_response: ({ queues: { Q3 } }) => ({
      then: 'retries',
      afterMs: Q3.noResponseDays * DAY_MS,
      maxAttempts: Q3.maxAttempts,
      agreeable: false,
    }),
  },
  openings: (context) => {
    const { evidence, policy, configuration, standing, items, asOf } = context;
    const { phase } = standing.lifecycle;
    if (policy.campaigns.length === 0 || (phase !== 'suspect' && phase !== 'prospect' && phase !== 'lost'))
      return nothing;
    const openings: Opening[] = [];
    for (const campaign of policy.campaigns) {
      if (hasItem(items, 'Q3', campaign.campaignId) || !isTarget(campaign, context)) continue;
      if (!mayContact(campaign, context) || isOnlyGuarantor(context)) continue;
      if (campaignArm(campaign.campaignId, evidence.partyId, campaign.holdoutPct) === 'control') continue;
      openings.push(openingOf(campaign, context));
    }
    if (openings.length === 0 || targeting.quietUntil(context) > asOf) return nothing;
    const fit = fitOf(evidence, policy, asOf);
    return fit === null || fit >= configuration.value.fitThreshold ? openings : nothing;
  },
  review: (item, context) => {
    const campaign = context.policy.campaigns.find(({ campaignId }) => campaignId === item.triggerKey);
    return campaign === undefined || !mayContact(campaign, context) || boughtOrAskedSince(item, context)
      ? 'exits'
      : 'stays';
  },
  currentHow: ({ how, triggerKey }, { evidence, policy }) => {
    const campaign = policy.campaigns.find(({ campaignId }) => campaignId === triggerKey);
    return campaign === undefined
      ? how
      : permittedChannel(evidence, 'marketing', { present: how, channels: channelsOf(campaign) });
  },
  quietUntil: (context) => {
    const { items, configuration } = context;
    const { Q3, Q4 } = configuration.queues;
    if (items.length === 0) return quietAfterEnquiries(context);
    return Math.max(
      quietAfterEnquiries(context),
      coolDownEnd(items, 'Q3', (outcome) =>
        outcome === 'not_interested'
          ? Q3.notInterestedDays * DAY_MS
          : outcome === 'no_response'
            ? Q3.noResponseDays * DAY_MS
            : 0,
      ),
      coolDownEnd(items, 'Q4', (outcome) =>
        outcome === 'lost'
          ? Q4.lostBlocksTargetingDays * DAY_MS
          : outcome === 'disqualified'
            ? Q4.disqualifiedDays * DAY_MS
            : 0,
      ),
    );
  },
  // Campaigns begin and end with a policy of the regime. Who gave us how much is forgotten when it gets too old:
  // then segments by share of wallet have another member or one less, in this queue and in their figures.
  nextChange: ({ evidence, configuration, asOf }, soonest) => {
    if (evidence.wallets.length === 0 || configuration.segments.every(({ wallet }) => wallet === undefined)) return;
    for (const { at } of evidence.wallets)
      soonest.atDeadline(windowExit(at, configuration.relationship.windowDays, asOf));
  },
};
