import * as E from 'fp-ts/Either';
import { type CommandDefinition, decided } from '../command/definition';
import { refuse } from '../command/errors';
import { idFromCommand } from '../command/identity';
import { sameStatement } from '../command/same-statement';
import type { FactData } from '../facts/catalogue';
import { channel, channels } from '../facts/channels';
import { boolean, code, id, instant, integer, minorUnits, string } from '../facts/codec';
import type { Fact } from '../facts/envelope';
import { list, record, type RecordOf } from '../facts/structure';
import { majorityFallacy } from '../value/segments';

const required = {
  name: string(1, 200),
  objective: code,
  segmentId: id,
  propositionId: id,
  channels: list(channel, 1, channels.length),
  startsAt: instant,
  endsAt: instant,
  budgetMinor: minorUnits,
  holdoutPct: integer(0, 50),
};
/** `acknowledgeWarning`: the warning of the majority fallacy was read and the segment is meant all the same. */
const optional = { campaignId: id, acknowledgeWarning: boolean };
export type LaunchCampaign = RecordOf<typeof required, typeof optional>;

type Launched = FactData['CampaignLaunched'];
/** A campaign as its stream tells it; whether it runs follows from its dates (`policy/regime.ts`). */
export type CampaignState = { readonly stage: 'unknown' } | { readonly stage: 'launched'; readonly launched: Launched };

const campaignIdOf = ({ campaignId }: LaunchCampaign, { commandId }: { readonly commandId: string }): string =>
  campaignId ?? idFromCommand(commandId, 'campaign');

/** Whether it is launched again as it was; what was known of the segments at the time does not matter. */
const isSameCampaign = (earlier: Launched, said: Omit<Launched, 'warningAcknowledged'>): boolean =>
  sameStatement(earlier, { ...said, warningAcknowledged: earlier.warningAcknowledged });

/**
 * Launches a campaign for a segment and a proposition of the registries (`domain.md §11.7`, §15). Budget
 * in minor units of the reporting currency, holdout in per cent (§13.6). InvalidInterval: it ends when or
 * before it starts. MajorityFallacyNotAcknowledged: the majority rule (§6.4) on the segments of the last
 * portfolio review warns and `acknowledgeWarning` is not true; without a review there is nothing to warn of.
 * InvalidState: the id is taken by another campaign.
 */
export const launchCampaign: CommandDefinition<LaunchCampaign, CampaignState> = {
  name: 'LaunchCampaign',
  input: record(required, optional),
  needs: () => ({ segmentStats: true }),
  streamOf: (input, context) => `campaign-${campaignIdOf(input, context)}`,
  initial: { stage: 'unknown' },
  evolve: (state: CampaignState, fact: Fact) =>
    state.stage === 'unknown' && fact.type === 'CampaignLaunched' ? { stage: 'launched', launched: fact.data } : state,
  decide: (input, context) => (state) => {
    const { acknowledgeWarning = false, ...said } = input;
    const { configuration, knowledge } = context;
    const campaign = { ...said, campaignId: campaignIdOf(input, context) };
    if (state.stage === 'launched') {
      return isSameCampaign(state.launched, campaign)
        ? E.right([])
        : refuse('InvalidState', `campaign ${campaign.campaignId} was launched already`, { path: '/campaignId' });
    }
    const { segmentId, propositionId, startsAt, endsAt } = campaign;
    if (Date.parse(startsAt) >= Date.parse(endsAt)) {
      return refuse('InvalidInterval', `the campaign starts at ${startsAt}`, { path: '/endsAt' });
    }
    const segments = new Set(configuration.segments.map((segment) => segment.segmentId));
    if (!segments.has(segmentId)) {
      return refuse('UnknownSegment', `there is no segment ${segmentId}`, {
        path: '/segmentId',
        details: { segmentId },
      });
    }
    if (!configuration.propositions.some((proposition) => proposition.propositionId === propositionId)) {
      return refuse('UnknownProposition', `there is no proposition ${propositionId}`, {
        path: '/propositionId',
        details: { propositionId },
      });
    }
    // The review may remember segments that the tenant has given up since.
    const candidates = knowledge.segmentStats.filter((candidate) => segments.has(candidate.segmentId));
    const warning = majorityFallacy(candidates, segmentId);
    if (warning !== null && !acknowledgeWarning) {
      return refuse(
        'MajorityFallacyNotAcknowledged',
        `segment ${segmentId} is the largest or the easiest to reach, and earns less than most; ` +
          `${warning.betterSegments.join(', ')} earn more: acknowledge the warning to launch all the same`,
        {
          path: '/acknowledgeWarning',
          details: { chosen: warning.chosen, betterSegments: [...warning.betterSegments] },
        },
      );
    }
    return E.right([decided('CampaignLaunched', { ...campaign, warningAcknowledged: warning !== null }, [])]);
  },
};
