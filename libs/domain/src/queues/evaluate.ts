import { capsAllowFrom, outsideQuietHours, saidDoNotContact } from '../consent/contactable';
import type { Evidence } from '../customer/evidence';
import type { NextChange, Standing, WorkItem } from '../customer/standing';
import type { Policy } from '../policy/regime';
import { namedAgents } from '../relationship/bonds';
import { fitOf } from '../relationship/fit';
import { type Instant, NEVER } from '../time/calendar';
import { hasComplaintInRecovery } from './complaint-steps';
import { actsOn } from './acts';
import { proactiveItemToShow, suppressed, unsuppressed, withSnooze } from './exclusivity';
import { itemIdOf } from './item-id';
import { applyActs } from './item-state';
import { riskFactorOf, valueFactorOf } from './priority';
import { queueRules, rulesInOrder } from './queue-rules';
import { hasItem, movePlaces, type Opening, type QueueContext, type QueueRule, takenOver } from './rule';
import { Soonest } from './soonest';

/** Which queues the party has left for good: none, the proactive ones, or all. */
type Barred = 'none' | 'proactive' | 'all';

/** `domain.md §17.3`, §17.5, §17.7: erased or restricted, no queue; objected or never to be contacted, no proactive one. */
const barredFrom = (evidence: Evidence): Barred => {
  const { erasedAt, objections } = evidence.person;
  if (erasedAt !== null) return 'all';
  if (objections.length > 0) return objections.some(({ kind }) => kind === 'restriction') ? 'all' : 'proactive';
  return evidence.workItems.size > 0 && saidDoNotContact(evidence) ? 'proactive' : 'none';
};

const isBarred = ({ proactive }: QueueRule, barred: Barred): boolean =>
  barred === 'all' || (barred === 'proactive' && proactive);

const closed = (item: WorkItem, outcome: string | null, asOf: Instant, causedBy: ReadonlyArray<string>): WorkItem => ({
  ...item,
  state: 'closed',
  visibility: 'visible',
  suppressedSince: null,
  closedAt: asOf,
  closedBy: 'auto',
  outcome,
  closingFacts: causedBy,
});

/**
 * With due instant, skill and channel as the facts have them now; a span that began anew (retry, suppression) is not
 * shortened by it, where a retry moves it.
 */
const asOfFacts = (item: WorkItem, rule: QueueRule, context: QueueContext): WorkItem => {
  const current = rule.currentDue(item, context);
  const skill = rule.currentSkill(item, context);
  const dueAt =
    current === null
      ? item.dueAt
      : rule.isDueMovedByRetry && item.startedAt > Math.max(item.enteredAt, rule.roundSince(item, context))
        ? Math.max(current, item.dueAt)
        : current;
  const how = rule.currentHow(item, context);
  return dueAt === item.dueAt && skill === item.skill && how === item.how ? item : { ...item, dueAt, skill, how };
};

/** Closed for good: by an outcome, or nothing was done with the items of this party. */
const isSettled = ({ state, closedBy }: WorkItem, { workItems }: Evidence): boolean =>
  state === 'closed' && (closedBy === 'outcome' || workItems.size === 0);

const acted = (item: WorkItem, rule: QueueRule, context: QueueContext): WorkItem => {
  const { evidence } = context;
  if (evidence.workItems.size === 0) return item;
  const acts = actsOn(evidence, item);
  return acts.length === 0 ? item : applyActs(item, acts, rule, context);
};

const reviewed = (item: WorkItem, context: QueueContext, barred: Barred, causedBy: ReadonlyArray<string>): WorkItem => {
  if (isSettled(item, context.evidence)) return item;
  const rule = queueRules[item.queue];
  const worked = acted(item, rule, context);
  if (worked.state === 'closed') return worked;
  if (isBarred(rule, barred)) return closed(worked, null, context.asOf, causedBy);
  const review = rule.review(worked, context);
  if (review !== 'stays') return closed(worked, review === 'expired' ? review : null, context.asOf, causedBy);
  return asOfFacts(worked, rule, context);
};

const opened = (opening: Opening, rule: QueueRule, context: QueueContext): WorkItem => {
  const { evidence, policy, configuration, asOf } = context;
  const { triggerKey, dueAt, weight, skill, what, how, why, causedBy, retentionKind } = opening;
  return {
    itemId: itemIdOf(rule.queue, evidence.partyId, triggerKey),
    queue: rule.queue,
    triggerKey,
    enteredAt: asOf,
    startedAt: dueAt > asOf ? asOf : Math.min(opening.obligedSince, asOf),
    dueAt,
    notBefore: rule.proactive ? outsideQuietHours(evidence, policy, asOf) : asOf,
    state: 'open',
    visibility: 'visible',
    suppressedSince: null,
    claimedBy: null,
    firstActionAt: null,
    attempts: 0,
    closedAt: null,
    closedBy: null,
    outcome: null,
    skill,
    weight,
    valueFactor: configuration.queues.priority.tierValue.none,
    riskFactor: configuration.queues.priority.zoneRisk.unclassified,
    what,
    how,
    why,
    causedBy,
    retentionKind,
    configVersion: configuration.version,
  };
};

/**
 * Moves the window of a proactive item past contact caps, the cool-down of its queue and quiet hours.
 * A retention item that answers the customer's own announcement waits for neither caps nor what was
 * agreed about another item of its queue. A window that would end before it begins gets a span of the same length.
 */
const withContactWindow = (item: WorkItem, context: QueueContext): WorkItem => {
  const { evidence, policy, asOf } = context;
  const quietUntil = queueRules[item.queue].quietUntil(context);
  const from =
    item.retentionKind === 'reactive'
      ? item.notBefore
      : Math.max(item.notBefore, capsAllowFrom(evidence, policy, asOf), quietUntil === NEVER ? asOf : quietUntil);
  // Moments that have passed are history; only a new one is moved out of the quiet hours.
  const notBefore = from > asOf ? outsideQuietHours(evidence, policy, from) : item.notBefore;
  const span = item.dueAt - item.startedAt;
  if (notBefore < item.dueAt || span <= 0) return notBefore === item.notBefore ? item : { ...item, notBefore };
  return { ...item, notBefore, startedAt: notBefore, dueAt: notBefore + span };
};

const shownProactive = (item: WorkItem, context: QueueContext): WorkItem => {
  const { evidence, policy, asOf } = context;
  const back =
    item.visibility === 'suppressed' ? unsuppressed(item, outsideQuietHours(evidence, policy, asOf), asOf) : item;
  return withSnooze(back.state === 'open' ? withContactWindow(back, context) : back, asOf);
};

/** Exclusivity and contact windows of the proactive items, the snooze of the reactive ones. */
const shown = (items: WorkItem[], context: QueueContext): void => {
  const { evidence, configuration, standing, asOf } = context;
  const chosen = proactiveItemToShow(items, {
    inDefection: standing.loyalty.zone === 'defection',
    complaintInRecovery: hasComplaintInRecovery(evidence, configuration),
  });
  for (let index = 0; index < items.length; index++) {
    const item = items[index];
    if (item === undefined || item.state === 'closed') continue;
    if (!queueRules[item.queue].proactive) items[index] = withSnooze(item, asOf);
    else items[index] = item === chosen ? shownProactive(item, context) : suppressed(item, asOf);
  }
};

const isSameList = (one: ReadonlyArray<string>, other: ReadonlyArray<string>): boolean =>
  one.length === other.length && one.every((entry, index) => entry === other[index]);

const nobody: ReadonlyArray<string> = [];

/** The item with the agents whom its customer knows now; the same object when they are the same. */
const known = (item: WorkItem, agents: ReadonlyArray<string>): WorkItem => {
  if (isSameList(item.namedAgents ?? nobody, agents)) return item;
  const { namedAgents: _, ...rest } = item;
  return agents.length === 0 ? rest : { ...rest, namedAgents: agents };
};

/** V and R (`domain.md §11.5`) and the agents whom the customer knows (§11.6), as of this evaluation. */
const valued = (items: WorkItem[], { evidence, standing, policy, configuration, asOf }: QueueContext): void => {
  const objects = evidence.person.objections.length > 0;
  const valueFactor = valueFactorOf(standing.value, () => fitOf(evidence, policy, asOf), objects, configuration);
  const riskFactor = riskFactorOf(standing.loyalty, objects, configuration);
  const agents = namedAgents(evidence, policy, asOf);
  for (let index = 0; index < items.length; index++) {
    const item = items[index];
    if (item === undefined || item.state === 'closed') continue;
    const valuedItem =
      item.valueFactor !== valueFactor || item.riskFactor !== riskFactor ? { ...item, valueFactor, riskFactor } : item;
    items[index] = known(valuedItem, agents);
  }
};

const isOpen = ({ state }: WorkItem): boolean => state !== 'closed';

const isSame = (items: ReadonlyArray<WorkItem>, previous: ReadonlyArray<WorkItem>): boolean => {
  if (items.length !== previous.length) return false;
  for (let index = 0; index < items.length; index++) if (items[index] !== previous[index]) return false;
  return true;
};

/** An item as it opens: with what was done with it already, and as the facts have it now. */
const entered = (opening: Opening, rule: QueueRule, context: QueueContext): WorkItem => {
  const item = acted(opened(opening, rule, context), rule, context);
  return item.state === 'closed' ? item : asOfFacts(item, rule, context);
};

/**
 * The work items of a party at `asOf` (`domain.md §11`), from the previous ones in `standing.items`
 * and the judgements already taken at this instant. Items are derived: entry and exit follow from
 * facts and standing, claims, releases and completions from the stored acts. Closed items stay in the
 * list, so that a trigger never opens a second one. Returns the same array when nothing changed, and
 * is idempotent: evaluating the result again at the same instant changes nothing. `causedBy`: facts of
 * this very instant, empty when time alone calls.
 */
export const evaluateQueues = (
  evidence: Evidence,
  standing: Standing,
  policy: Policy,
  asOf: Instant,
  causedBy: ReadonlyArray<string> = [],
): ReadonlyArray<WorkItem> => {
  const previous = standing.items;
  const barred = barredFrom(evidence);
  const items = takenOver(previous);
  const context: QueueContext = { evidence, standing, policy, configuration: policy.configuration, asOf, items };
  for (let index = 0; index < items.length; index++) {
    const item = items[index];
    if (item !== undefined) items[index] = reviewed(item, context, barred, causedBy);
  }
  let isWorkedOn = false;
  for (const rule of rulesInOrder) {
    if (isBarred(rule, barred)) continue;
    for (const opening of rule.openings(context)) {
      if (hasItem(items, rule.queue, opening.triggerKey)) continue;
      const item = entered(opening, rule, context);
      isWorkedOn ||= item.state === 'closed';
      items.push(item);
    }
  }
  // What was done with an item by the instant at which it opens may close others, or open them.
  if (isWorkedOn) return evaluateQueues(evidence, { ...standing, items }, policy, asOf, causedBy);
  if (items.some(isOpen)) {
    shown(items, context);
    valued(items, context);
  }
  if (!isSame(items, previous)) return items;
  movePlaces(items, previous);
  return previous;
};

/**
 * When time alone could next change an item (`domain.md §1`). Exact deadlines: leases, snoozes and
 * windows ending, cool-downs, obligations becoming at risk. Crossings: bounds that are noticed at day
 * boundaries. Due instants change no item: urgency is computed when asked.
 */
export const nextQueueChange = (evidence: Evidence, standing: Standing, policy: Policy, asOf: Instant): NextChange => {
  const soonest = new Soonest(asOf);
  // Roles of competitors, employees and guarantors decide who may be contacted, and who counts as a customer, in no queue too.
  for (const { validFrom, validTo } of evidence.person.roles) {
    soonest.atCrossing(validFrom);
    if (validTo !== null) soonest.atCrossing(validTo);
  }
  const barred = barredFrom(evidence);
  if (barred === 'all') return soonest.change();
  const { items } = standing;
  const context: QueueContext = { evidence, standing, policy, configuration: policy.configuration, asOf, items };
  for (const item of items) {
    if (item.state === 'closed') continue;
    if (item.visibility === 'snoozed') soonest.atDeadline(item.notBefore);
    if (item.claimedBy !== null) soonest.atDeadline(item.claimedBy.leaseUntil);
  }
  const mayBeQuiet = items.length > 0 || evidence.enquiries.size > 0;
  for (const rule of rulesInOrder) {
    if (isBarred(rule, barred)) continue;
    if (mayBeQuiet && rule.proactive) soonest.atDeadline(rule.quietUntil(context));
    rule.nextChange(context, soonest);
  }
  if (items.some(isOpen))
    for (const { bondType, counterpartyId, validFrom, validTo } of evidence.bonds) {
      if (bondType !== 'social' || counterpartyId === null) continue;
      soonest.atDeadline(validFrom);
      if (validTo !== null) soonest.atDeadline(validTo);
    }
  return soonest.change();
};
