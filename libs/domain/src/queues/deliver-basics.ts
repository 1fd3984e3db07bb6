import { hasValidContactPoint, knowsContactPoints } from '../consent/contactable';
import type { Evidence } from '../customer/evidence';
import type { WorkItem } from '../customer/standing';
import type { Configuration } from '../policy/configuration';
import { bestChannel } from './channel';
import { type Obligation, openFailures, openObligations } from './obligations';
import { perFacts } from './per-facts';
import { closes, hasItem, nothing, type Opening, plainRule, type QueueContext, type QueueRule } from './rule';

const DATA = 'data:';

/** Contact points were recorded, and none of them works. */
const hasBrokenContactData = (evidence: Evidence): boolean =>
  knowsContactPoints(evidence) && !hasValidContactPoint(evidence);

/** Everything that could hold or open an item of this queue. */
const obligationsIn = (evidence: Evidence, configuration: Configuration): ReadonlyArray<Obligation> => {
  const open =
    evidence.requests.size === 0 &&
    evidence.promises.size === 0 &&
    evidence.placedOrders.length === 0 &&
    evidence.person.dataSubjectRequests.length === 0
      ? none
      : openObligations(evidence, configuration);
  const failures = evidence.failures.length === 0 ? none : openFailures(evidence, configuration);
  if (!hasBrokenContactData(evidence)) return failures.length === 0 ? open : [...open, ...failures];
  const unreachable = open.map((obligation): Obligation => ({
    ...obligation,
    id: DATA + obligation.id,
    atRiskFrom: obligation.since,
    what: 'Find a way to reach the customer',
    why: 'Something is owed to the customer and no contact point is valid',
  }));
  return [...open, ...failures, ...unreachable];
};

const none: ReadonlyArray<Obligation> = [];

const firstById = (obligations: ReadonlyArray<Obligation>): ReadonlyMap<string, Obligation> => {
  const byId = new Map<string, Obligation>();
  for (const obligation of obligations) if (!byId.has(obligation.id)) byId.set(obligation.id, obligation);
  return byId;
};

interface Obligations {
  readonly list: ReadonlyArray<Obligation>;
  /** Null: nobody has asked yet. */
  byId: ReadonlyMap<string, Obligation> | null;
}

const obligationsOf = perFacts((evidence, configuration): Obligations => ({
  list: obligationsIn(evidence, configuration),
  byId: null,
}));

const obligationOf = (item: WorkItem, { evidence, configuration }: QueueContext): Obligation | undefined => {
  const known = obligationsOf(evidence, configuration);
  return (known.byId ??= firstById(known.list)).get(item.triggerKey);
};

const openingOf = (obligation: Obligation, { evidence, configuration }: QueueContext): Opening => ({
  triggerKey: obligation.id,
  dueAt: obligation.dueAt,
  obligedSince: obligation.since,
  weight: configuration.queues.priority.weights.Q6,
  skill: null,
  what: obligation.what,
  how: bestChannel(evidence, obligation.channel),
  why: obligation.why,
  causedBy: obligation.eventId === null ? [] : [obligation.eventId],
  retentionKind: 'preventive',
});

/**
 * Q6 deliver the basics (`domain.md §11.3`). Entry: an obligation at risk or broken: a request past 75 %
 * of its service time, an order past its promised delivery, a promise due within 24 h, a failure
 * without follow-up contact, a request of the data subject past 75 % of its legal time (§17.6); and any open
 * obligation towards a party whose contact points are all invalid. Due: the obligation's own. Exit: settled. Every outcome closes the item.
 */
export const deliverBasics: QueueRule = {
  ...plainRule,
  queue: 'Q6',
  proactive: false,
  outcomes: {
    delivered: () => closes,
    rescheduled_with_agreement: () => closes,
    failed: () => closes,
    duplicate: () => closes,
  },
  openings: (context) => {
    const { list } = obligationsOf(context.evidence, context.configuration);
    if (list.length === 0) return nothing;
    return list
      .filter(({ id, atRiskFrom }) => atRiskFrom <= context.asOf && !hasItem(context.items, 'Q6', id))
      .map((obligation) => openingOf(obligation, context));
  },
  review: (item, context) => (obligationOf(item, context) === undefined ? 'exits' : 'stays'),
  currentDue: (item, context) => obligationOf(item, context)?.dueAt ?? null,
  nextChange: (context, soonest) => {
    for (const { id, atRiskFrom } of obligationsOf(context.evidence, context.configuration).list)
      if (!hasItem(context.items, 'Q6', id)) soonest.atDeadline(atRiskFrom);
  },
};
