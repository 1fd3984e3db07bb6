import { fact, isoOnDay, onDay, orderPlaced } from '../customer/fact-builder';
import { foldCustomer } from '../customer/fold';
import type { QueueId, Standing, WorkItem } from '../customer/standing';
import type { FactData } from '../facts/catalogue';
import type { Fact, FactOf } from '../facts/envelope';
import { type Configuration, defaultConfiguration } from '../policy/configuration';
import { regimeOf } from '../policy/fold-regime';
import { DAY_MS, type Instant, toIso } from '../time/calendar';
import { itemIdOf } from './item-id';

/** Hours as the days that the builders count in. */
export const hours = (count: number): number => count / 24;

/** The customer p1 after these facts, at `days` after the start of test histories. */
export const standingOn = (days: number, facts: ReadonlyArray<Fact>, policy: ReadonlyArray<Fact> = []): Standing =>
  foldCustomer({ partyId: 'p1', members: ['p1'], facts, referredOrders: [] }, regimeOf(policy), onDay(days)).standing;

export const itemsOn = (
  days: number,
  queue: QueueId,
  facts: ReadonlyArray<Fact>,
  policy: ReadonlyArray<Fact> = [],
): ReadonlyArray<WorkItem> => standingOn(days, facts, policy).items.filter((item) => item.queue === queue);

/** The only item that the queue has or had; throws when there are none or several. */
export const itemOn = (
  days: number,
  queue: QueueId,
  facts: ReadonlyArray<Fact>,
  policy: ReadonlyArray<Fact> = [],
): WorkItem => {
  const [item, ...others] = itemsOn(days, queue, facts, policy);
  if (item === undefined || others.length > 0) throw new Error(`${others.length + (item ? 1 : 0)} items in ${queue}`);
  return item;
};

/** Days after the start of test histories. */
export const dayOf = (at: Instant): number => (at - onDay(0)) / DAY_MS;

export const survey = (
  days: number,
  instrument: FactData['SurveyAnswered']['instrument'],
  score: number,
  eventId = `survey-${days}`,
): FactOf<'SurveyAnswered'> => {
  const scale = { nps: [0, 10], ces: [1, 7], csat_transactional: [1, 5], csat_relationship: [1, 5], custom: [0, 100] };
  const [scaleMin = 0, scaleMax = 10] = scale[instrument];
  return fact(
    'SurveyAnswered',
    days,
    { surveyId: eventId, partyId: 'p1', instrument, score, scaleMin, scaleMax },
    { eventId },
  );
};

export const complaint = (days: number, complaintId: string, severity = 3): Fact =>
  fact('ComplaintReceived', days, { complaintId, partyId: 'p1', channel: 'email', category: 'delivery', severity });
export const acknowledged = (days: number, complaintId: string, resolveByDays: number): Fact =>
  fact('ComplaintAcknowledged', days, { complaintId, responsibleAgentId: 'a1', resolveBy: isoOnDay(resolveByDays) });
export const resolved = (days: number, complaintId: string): Fact =>
  fact('ComplaintResolved', days, {
    complaintId,
    decision: 'upheld',
    rootCause: 'carrier',
    immediate: false,
    resolvedAt: isoOnDay(days),
  });
export const followedUp = (days: number, complaintId: string, verdict: number | 'unreachable', attempt = 1): Fact =>
  fact('ComplaintFollowedUp', days, {
    complaintId,
    attempt,
    ...(verdict === 'unreachable' ? { unreachable: true } : { verdict }),
  });

export const contact = (
  days: number,
  purpose: FactData['InteractionRecorded']['purpose'],
  parts: Partial<Pick<FactData['InteractionRecorded'], 'direction' | 'outcome'>> = {},
): FactOf<'InteractionRecorded'> =>
  fact('InteractionRecorded', days, {
    interactionId: `i-${days}-${purpose}`,
    partyId: 'p1',
    direction: 'outbound',
    channel: 'phone',
    purpose,
    topicCode: 'topic',
    startedAt: isoOnDay(days),
    outcome: 'answered',
    reAskedFields: [],
    links: {},
    ...parts,
  });

export const identified = (days: number, valid = true): Fact =>
  fact('PartyIdentified', days, {
    partyId: 'p1',
    identifiers: [{ scheme: 'email', value: 'a@example.org', verified: true, preferred: true, valid }],
  });
export const consent = (days: number, purpose: FactData['ConsentGranted']['purpose']): Fact =>
  fact('ConsentGranted', days, {
    partyId: 'p1',
    purpose,
    channel: 'all',
    lawfulBasis: 'consent',
    policyVersion: 'v1',
    evidenceRef: 'form-1',
  });
export const withdrawn = (
  days: number,
  purpose: FactData['ConsentWithdrawn']['purpose'],
  channel: FactData['ConsentWithdrawn']['channel'] = 'all',
): Fact => fact('ConsentWithdrawn', days, { partyId: 'p1', purpose, channel, via: 'web' });

export const enquiry = (days: number, enquiryId: string, channel: 'email' | 'phone' | 'chat' = 'email'): Fact =>
  fact('EnquiryReceived', days, { enquiryId, partyId: 'p1', channel, productLine: 'books' });
export const enquiryClosed = (days: number, enquiryId: string, outcome: 'lost' | 'disqualified' | 'converted'): Fact =>
  fact('EnquiryClosed', days, { enquiryId, outcome });
export const offer = (days: number, offerId: string, validUntilDays: number, enquiryId?: string): Fact =>
  fact('OfferMade', days, {
    offerId,
    partyId: 'p1',
    kind: 'new',
    skus: ['sku'],
    netMinor: 100,
    listMinor: 100,
    validUntil: isoOnDay(validUntilDays),
    channel: 'email',
    propositionId: 'v1',
    appliedPreferenceIds: [],
    ...(enquiryId === undefined ? {} : { enquiryId }),
  });

/** Orders every `every` days, `count` of them, the last on `lastDay`. */
export const ordersEvery = (every: number, count: number, lastDay: number): ReadonlyArray<Fact> =>
  Array.from({ length: count }, (_, index) => {
    const day = lastDay - (count - 1 - index) * every;
    return orderPlaced(day, `o${day}`);
  });

export const claimed = (days: number, queue: QueueId, triggerKey: string, agentId = 'a1'): Fact =>
  fact('WorkItemClaimed', days, {
    itemId: itemIdOf(queue, 'p1', triggerKey),
    queue,
    partyId: 'p1',
    agentId,
    leaseUntil: isoOnDay(days + hours(0.5)),
    slot: 'priority',
  });
export const released = (days: number, queue: QueueId, triggerKey: string, snoozeUntilDays?: number): Fact =>
  fact('WorkItemReleased', days, {
    itemId: itemIdOf(queue, 'p1', triggerKey),
    agentId: 'a1',
    reason: 'later',
    ...(snoozeUntilDays === undefined ? {} : { snoozeUntil: isoOnDay(snoozeUntilDays) }),
  });
export const completed = (
  days: number,
  queue: QueueId,
  triggerKey: string,
  outcome: string,
  nextActionDays?: number,
): Fact =>
  fact('WorkItemCompleted', days, {
    itemId: itemIdOf(queue, 'p1', triggerKey),
    agentId: 'a1',
    outcome,
    ...(nextActionDays === undefined ? {} : { nextActionAt: isoOnDay(nextActionDays) }),
  });

/** A configuration in force from day 0, with one segment of everyone. */
export const activated = (config: Partial<Configuration> = {}): Fact =>
  fact(
    'ConfigurationActivated',
    -1,
    {
      version: 1,
      effectiveFrom: isoOnDay(-1),
      config: { ...defaultConfiguration, version: 1, segments: [{ segmentId: 'all', name: 'All' }], ...config },
    },
    { subjects: [] },
  );

export const campaign = (fromDay: number, toDay: number, campaignId = 'c1', holdoutPct = 0): Fact =>
  fact(
    'CampaignLaunched',
    -1,
    {
      campaignId,
      name: 'Spring',
      objective: 'growth',
      segmentId: 'all',
      propositionId: 'v1',
      channels: ['email'],
      startsAt: toIso(onDay(fromDay)),
      endsAt: toIso(onDay(toDay)),
      budgetMinor: 0,
      holdoutPct,
      warningAcknowledged: false,
    },
    { subjects: [] },
  );

/** A stated need of p1. */
export const need = (key: string): Fact =>
  fact('PreferenceRecorded', 0, {
    partyId: 'p1',
    preferenceId: key,
    kind: 'need',
    key,
    value: 'yes',
    origin: 'stated',
    horizon: 'current',
  });

/** A review in which who earns 1 000 and more is of this tier. */
export const reviewed = (days: number, tier: 'platinum' | 'gold' = 'gold'): Fact =>
  fact(
    'PortfolioReviewed',
    days,
    {
      asOf: isoOnDay(days),
      baseSize: 20,
      rfmCuts: { r: null, f: null, m: null },
      tierCuts: { platinum: null, gold: null, [tier]: { cm365Minor: 1_000, longevityDays: 0, partyId: 'a' } },
      heavyCut: null,
      medianIpiDays: null,
      segmentStats: [],
    },
    { subjects: [] },
  );

/** The data of an objection or a restriction. */
export const dsr = (kind: 'objection' | 'restriction') => ({
  dsrId: 'd1',
  partyId: 'p1',
  kind,
  receivedAt: isoOnDay(0),
  dueAt: isoOnDay(30),
});

export const wallet = (days: number, share: number): Fact =>
  fact('WalletReported', days, {
    partyId: 'p1',
    category: 'books',
    ownSpendMinor: share * 1_000,
    totalSpendMinor: 1_000,
    competitorIds: [],
    origin: 'survey',
  });

export const registered = fact('PartyRegistered', 0, {
  partyId: 'p1',
  kind: 'person',
  displayName: 'A',
  source: 'web',
});
/** A valid address and consent for marketing and win-back. */
export const reachable: ReadonlyArray<Fact> = [identified(0), consent(0, 'marketing'), consent(0, 'winback')];
