import type { ComplaintEvidence } from '../customer/evidence';
import type { WorkItem } from '../customer/standing';
import { DAY_MS, HOUR_MS, type Instant, toIso } from '../time/calendar';
import { bestChannel } from './channel';
import { complaintStep, hasComplaintInRecovery, isInRecovery } from './complaint-steps';
import { isDetractorAnswer } from './detractor';
import { closes, hasItem, itemOf, nothing, type Opening, plainRule, type QueueContext, type QueueRule } from './rule';

/** The skill of whoever takes over what the front office did not recover (`domain.md §9.3`). */
export const SUPERVISOR = 'supervisor';
const SUPERVISED = `:${SUPERVISOR}`;
const TERRORIST = 'terrorist:';

/** The trigger without the mark of its escalation, which may be of a later reopening. */
const causeOf = (triggerKey: string): string => {
  const at = triggerKey.indexOf(SUPERVISED);
  return at < 0 ? triggerKey : triggerKey.slice(0, at);
};

/**
 * The complaint that an item is about; null for a call back, which the answer that it is named after opened, and for
 * the extreme of the zone of defection.
 */
export const complaintOf = ({ queue, triggerKey, causedBy }: WorkItem): string | null => {
  const cause = causeOf(triggerKey);
  return queue !== 'Q1' || cause.startsWith(TERRORIST) || causedBy.includes(cause) ? null : cause;
};

const isEscalation = ({ triggerKey }: WorkItem): boolean => triggerKey.includes(SUPERVISED);

const complaintOpening = (
  complaint: ComplaintEvidence,
  triggerKey: string,
  skill: string | null,
  { evidence, configuration, asOf }: QueueContext,
): Opening => {
  const { complaintBase, complaintPerSeverity } = configuration.queues.priority.weights;
  const step = complaintStep(complaint, configuration);
  return {
    triggerKey,
    dueAt: step?.dueAt ?? asOf,
    obligedSince: step?.since ?? asOf,
    weight: complaintBase + complaintPerSeverity * complaint.severity,
    skill,
    what: 'Acknowledge, resolve and follow up the complaint until the customer confirms',
    how: bestChannel(evidence, complaint.channel),
    why: `Complaint ${complaint.complaintId} of severity ${complaint.severity} is not closed`,
    causedBy: [complaint.reopenedAt === null ? complaint.eventId : complaint.verdictEventId].filter(
      (id) => id !== null,
    ),
    retentionKind: 'reactive',
  };
};

const complaintOpenings = (context: QueueContext): ReadonlyArray<Opening> => {
  const { evidence, configuration, items } = context;
  if (evidence.complaints.size === 0) return nothing;
  const openings: Opening[] = [];
  for (const complaint of evidence.complaints.values()) {
    if (!isInRecovery(complaint, configuration)) continue;
    const { complaintId } = complaint;
    const item = itemOf(items, 'Q1', complaintId);
    if (item === undefined) {
      openings.push(complaintOpening(complaint, complaintId, null, context));
      continue;
    }
    // Work on the item has ended, yet the customer is not recovered: the supervisor takes over.
    if (item.outcome !== 'not_recovered' && !isReopenedSince(complaint, item)) continue;
    const supervised = itemOf(items, 'Q1', complaintId + SUPERVISED);
    if (supervised === undefined) {
      openings.push(complaintOpening(complaint, complaintId + SUPERVISED, SUPERVISOR, context));
      continue;
    }
    // And once more when the work of the supervisor has ended, too: every further reopening is a trigger.
    const { reopenedAt } = complaint;
    if (reopenedAt === null || !isReopenedSince(complaint, supervised)) continue;
    if (items.some((known) => isFurther(known, complaintId) && !isReopenedSince(complaint, known))) continue;
    openings.push(complaintOpening(complaint, furtherKey(complaintId, reopenedAt), SUPERVISOR, context));
  }
  return openings;
};

/** The work on an item had ended when the complaint was reopened. */
const isReopenedSince = ({ reopenedAt }: ComplaintEvidence, { closedAt }: WorkItem): boolean =>
  reopenedAt !== null && closedAt !== null && reopenedAt >= closedAt;

const furtherKey = (complaintId: string, reopenedAt: Instant): string =>
  `${complaintId}${SUPERVISED}:${toIso(reopenedAt)}`;

/** An item for the supervisor after the first one. */
const isFurther = ({ queue, triggerKey }: WorkItem, complaintId: string): boolean =>
  queue === 'Q1' && triggerKey.startsWith(`${complaintId}${SUPERVISED}:`);

const isDetractorItem = ({ queue, triggerKey }: WorkItem, { evidence }: QueueContext): boolean =>
  queue === 'Q1' && !triggerKey.startsWith(TERRORIST) && !evidence.complaints.has(causeOf(triggerKey));

/** Within the re-entry time of a detractor item nobody calls back a second time. */
const calledBackLately = (context: QueueContext): boolean => {
  const quietMs = context.configuration.queues.Q1.detractorReentryDays * DAY_MS;
  return context.items.some(
    (item) => isDetractorItem(item, context) && (item.closedAt === null || item.closedAt + quietMs > context.asOf),
  );
};

const detractorOpening = (triggerKey: string, skill: string | null, context: QueueContext): Opening => {
  const { configuration, evidence, asOf } = context;
  return {
    triggerKey,
    dueAt: asOf + configuration.queues.Q1.detractorDueHours * HOUR_MS,
    obligedSince: asOf,
    weight: configuration.queues.priority.weights.detractor,
    skill,
    what: 'Call back, hear the reason and put it right',
    how: bestChannel(evidence),
    why: 'A survey answer shows dissatisfaction and no complaint is open',
    causedBy: [causeOf(triggerKey)],
    retentionKind: 'reactive',
  };
};

/** An answer triggers at the instant it is given; the call back is due 48 h later or makes no sense. */
const answerOpenings = (context: QueueContext): ReadonlyArray<Opening> => {
  const { evidence, configuration, asOf } = context;
  for (let index = evidence.surveys.length - 1; index >= 0; index--) {
    const survey = evidence.surveys[index];
    if (survey === undefined || survey.at < asOf) break;
    const isDetractor = survey.at > asOf ? null : isDetractorAnswer(survey, configuration);
    // A better answer that follows at the same instant would end the item at the next evaluation, whenever that is.
    if (isDetractor === false) return nothing;
    if (isDetractor === null) continue;
    if (hasComplaintInRecovery(evidence, configuration) || calledBackLately(context)) return nothing;
    return [detractorOpening(survey.eventId, null, context)];
  }
  return nothing;
};

const terroristOpening = (triggerKey: string, skill: string | null, context: QueueContext): Opening => {
  const { standing, configuration, evidence, asOf } = context;
  return {
    triggerKey,
    dueAt: asOf + configuration.queues.Q1.terroristDueHours * HOUR_MS,
    obligedSince: asOf,
    weight: configuration.queues.priority.weights.terrorist,
    skill,
    what: 'Contact personally, listen and agree a remedy',
    how: bestChannel(evidence),
    why: 'Negative word of mouth, or a very low recommendation with a complaint not recovered',
    causedBy: standing.loyalty.history.at(-1)?.causedBy ?? nothing.map(String),
    retentionKind: 'reactive',
  };
};

const terroristOpenings = (context: QueueContext): ReadonlyArray<Opening> => {
  const { extreme, since } = context.standing.loyalty;
  if (extreme !== 'terrorist' || since === null) return nothing;
  const triggerKey = TERRORIST + toIso(since);
  return hasItem(context.items, 'Q1', triggerKey) ? nothing : [terroristOpening(triggerKey, null, context)];
};

/** What an agent could not recover, other than a complaint, goes to a supervisor as a new item. */
const escalationOpenings = (context: QueueContext): ReadonlyArray<Opening> => {
  const { items, evidence } = context;
  const openings: Opening[] = [];
  for (const item of items) {
    if (item.queue !== 'Q1' || item.outcome !== 'not_recovered' || isEscalation(item)) continue;
    if (evidence.complaints.has(item.triggerKey) || hasItem(items, 'Q1', item.triggerKey + SUPERVISED)) continue;
    if (hasLeft(item, context)) continue;
    const openingOf = item.triggerKey.startsWith(TERRORIST) ? terroristOpening : detractorOpening;
    openings.push(openingOf(item.triggerKey + SUPERVISED, SUPERVISOR, context));
  }
  return openings.length === 0 ? nothing : openings;
};

/** A newer answer that is no detractor's. */
const answeredBetter = (eventId: string, { evidence, configuration }: QueueContext): boolean => {
  for (let index = evidence.surveys.length - 1; index >= 0; index--) {
    const survey = evidence.surveys[index];
    if (survey === undefined || survey.eventId === eventId) return false;
    if (isDetractorAnswer(survey, configuration) === false) return true;
  }
  return false;
};

const hasLeft = (item: WorkItem, context: QueueContext): boolean => {
  const cause = causeOf(item.triggerKey);
  const complaint = context.evidence.complaints.get(cause);
  if (complaint !== undefined) return !isInRecovery(complaint, context.configuration);
  const { extreme, since } = context.standing.loyalty;
  if (cause.startsWith(TERRORIST))
    return extreme !== 'terrorist' || since === null || cause !== TERRORIST + toIso(since);
  return answeredBetter(cause, context);
};

/**
 * Q1 manage dissatisfaction (`domain.md §11.3`, §9.3). Entry: a complaint not closed; a detractor's
 * answer without a complaint in recovery and 90 d after the last such item; the extreme of the zone of
 * defection. Due: the complaint's current step, 48 h, 24 h. Exit: closed by follow-up; a newer answer
 * of at least passive; the extreme has passed. A reopened complaint needs the supervisor's skill, and opens a new item
 * whenever the work on the one before has ended.
 */
export const manageDissatisfaction: QueueRule = {
  ...plainRule,
  queue: 'Q1',
  proactive: false,
  outcomes: {
    recovered: () => closes,
    not_recovered: () => closes,
    apologised: () => closes,
    unreachable: ({ queues: { Q1 } }) => ({
      then: 'retries',
      afterMs: Q1.retryHours * HOUR_MS,
      maxAttempts: Q1.maxAttempts,
      agreeable: false,
    }),
  },
  openings: (context) => {
    const complaints = complaintOpenings(context);
    const answers = answerOpenings(context);
    const terrorists = terroristOpenings(context);
    const escalations = context.items.length === 0 ? nothing : escalationOpenings(context);
    return complaints.length + answers.length + terrorists.length + escalations.length === 0
      ? nothing
      : [...complaints, ...answers, ...terrorists, ...escalations];
  },
  review: (item, context) => (hasLeft(item, context) ? 'exits' : 'stays'),
  currentDue: ({ triggerKey }, { evidence, configuration }) => {
    const complaint = evidence.complaints.get(causeOf(triggerKey));
    return complaint === undefined ? null : (complaintStep(complaint, configuration)?.dueAt ?? null);
  },
  // A step is due when it is due, however often the customer was not reached; reopened, nothing waits.
  isDueMovedByRetry: false,
  roundSince: ({ triggerKey }, { evidence }) =>
    evidence.complaints.get(causeOf(triggerKey))?.reopenedAt ?? Number.NEGATIVE_INFINITY,
  currentSkill: (item, { evidence }) => {
    const complaint = evidence.complaints.get(item.triggerKey);
    return complaint !== undefined && complaint.reopenedAt !== null ? SUPERVISOR : item.skill;
  },
  // Steps falling due move no item; the rest changes with facts and with the zone.
  nextChange: () => undefined,
};
