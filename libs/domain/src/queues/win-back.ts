import { contactable } from '../consent/contactable';
import type { Evidence } from '../customer/evidence';
import { latestNotice, leavingSince } from '../defection/notices';
import { DAY_MS, type Instant } from '../time/calendar';
import { permittedChannel } from './channel';
import { closes, coolDownEnd, hasItem, nothing, plainRule, type QueueContext, type QueueRule } from './rule';

/** Reasons of the loss: those of the latest notice that stands and of the latest diagnosis that belongs to it. */
const lossReasons = (evidence: Evidence, lostSince: Instant, asOf: Instant): ReadonlyArray<string> => {
  const notice = latestNotice(evidence, asOf);
  const diagnosis = evidence.diagnoses.at(-1);
  const isOfThis = diagnosis !== undefined && diagnosis.at >= leavingSince(evidence, notice, lostSince);
  return [...(notice?.reasonCodes ?? []), ...(isOfThis ? diagnosis.reasonCodes : [])];
};

const triggerOf = (evidence: Evidence): string | null => {
  const last = evidence.orderDays.at(-1);
  return last === undefined ? null : `lost:${last.lastOrderId}`;
};

/** Lost, and not for longer than a win-back makes sense. */
const isWorthwhile = ({ standing, configuration, asOf }: QueueContext): boolean => {
  const { lostSince } = standing.lifecycle;
  return lostSince !== null && asOf <= lostSince + configuration.queues.Q2.lostAtMostDays * DAY_MS;
};

/**
 * Q2 win back (`domain.md §11.3`). Entry: lost for 14 to 730 d, last tier not lead, reason not excluded,
 * contactable for win-back. Due: 14 d, platinum and gold 5 d. Exit: an order, no longer lost, lost for
 * too long, consent withdrawn. `no_response` tries again after 90 d, three times in all; `declined`
 * keeps quiet for 180 d; `do_not_contact` ends all proactive work for ever.
 */
export const winBack: QueueRule = {
  ...plainRule,
  queue: 'Q2',
  proactive: true,
  outcomes: {
    won_back: () => closes,
    declined: () => closes,
    do_not_contact: () => closes,
    no_response: ({ queues: { Q2 } }) => ({
      then: 'retries',
      afterMs: Q2.noResponseDays * DAY_MS,
      maxAttempts: Q2.maxAttempts,
      agreeable: false,
    }),
  },
  openings: (context) => {
    const { evidence, standing, configuration, items, asOf } = context;
    const { lostSince } = standing.lifecycle;
    const { lostForDays, excludedReasons, dueDays, dueDaysTop } = configuration.queues.Q2;
    if (lostSince === null || asOf < lostSince + lostForDays * DAY_MS || !isWorthwhile(context)) return nothing;
    const triggerKey = triggerOf(evidence);
    const tier = standing.value.tier ?? standing.value.lastTier;
    if (triggerKey === null || tier === 'lead' || hasItem(items, 'Q2', triggerKey)) return nothing;
    if (winBack.quietUntil(context) > asOf) return nothing;
    if (lossReasons(evidence, lostSince, asOf).some((reason) => excludedReasons.includes(reason))) return nothing;
    if (!contactable(evidence, 'winback', asOf)) return nothing;
    const top = tier === 'platinum' || tier === 'gold';
    return [
      {
        triggerKey,
        dueAt: asOf + (top ? dueDaysTop : dueDays) * DAY_MS,
        obligedSince: asOf,
        weight: configuration.queues.priority.weights.Q2,
        skill: null,
        what: 'Ask for the reason of leaving and make a win-back offer',
        how: permittedChannel(evidence, 'winback'),
        why: 'The customer has been lost and may be worth winning back',
        causedBy: [evidence.orderDays.at(-1)?.lastEventId].filter((id) => id !== undefined),
        retentionKind: null,
      },
    ];
  },
  review: (item, context) =>
    isWorthwhile(context) &&
    item.triggerKey === triggerOf(context.evidence) &&
    contactable(context.evidence, 'winback', context.asOf)
      ? 'stays'
      : 'exits',
  currentHow: ({ how }, { evidence }) => permittedChannel(evidence, 'winback', { present: how }),
  quietUntil: ({ items, configuration: { queues } }) =>
    coolDownEnd(items, 'Q2', (outcome) =>
      outcome === 'declined'
        ? queues.Q2.declinedDays * DAY_MS
        : outcome === 'no_response'
          ? queues.Q2.noResponseDays * DAY_MS
          : 0,
    ),
  nextChange: ({ standing, configuration: { queues } }, soonest) => {
    const { lostSince } = standing.lifecycle;
    if (lostSince === null) return;
    soonest.atCrossing(lostSince + queues.Q2.lostForDays * DAY_MS);
    soonest.atCrossing(lostSince + queues.Q2.lostAtMostDays * DAY_MS + 1);
  },
};
