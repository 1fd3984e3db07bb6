import { type Instant, toIso } from '@afecto/domain';
import { recordContact } from './contacts';
import type { Customer, PastOrder } from './customers';
import { days, hours, inOfficeHours, minutes, type Touchpoints } from './touchpoints';
import { askSurvey } from './voice';

/** Days before the end of the year on which more is asked, and partly still open at the end. */
const BUSY_DAYS = 6;

/** Questions and requests around an order, with promises and failures of our own. */
export const serveOrder = (touchpoints: Touchpoints, customer: Customer, order: PastOrder): void => {
  const { random } = customer;
  const deliveredAt = order.deliveredAt ?? order.placedAt;
  const isBusy = deliveredAt > touchpoints.endsAt - days(BUSY_DAYS);
  if (random.chance(0.3)) askForInformation(touchpoints, customer, order);
  if (isBusy && random.chance(0.45)) {
    const earliest = Math.max(order.placedAt + hours(1), touchpoints.endsAt - hours(30));
    const openedAt = earliest + (touchpoints.endsAt - earliest) * random.between(0, 0.95);
    openRequest(touchpoints, customer, order, Math.floor(openedAt));
  } else if (!isBusy && random.chance(0.16)) {
    openRequest(touchpoints, customer, order, deliveredAt + hours(random.between(1, 240)));
  }
  if (random.chance(isBusy ? 0.25 : 0.08))
    promise(touchpoints, customer, order, deliveredAt + hours(random.between(2, 60)));
  if (order.isLate ? random.chance(0.6) : random.chance(0.008)) detectFailure(touchpoints, customer, order);
};

const askForInformation = (touchpoints: Touchpoints, customer: Customer, order: PastOrder): void => {
  const { random, channel, agentId } = customer;
  const isHuman = channel !== 'web';
  recordContact(touchpoints, customer, {
    id: `question-${order.orderId}`,
    at: order.placedAt - hours(random.between(0.5, 40)),
    direction: 'inbound',
    purpose: random.pick(['information', 'sales']),
    topicCode: order.productLines[0] ?? 'general',
    channel,
    outcome: random.chance(0.93) ? 'completed' : 'abandoned',
    ...(isHuman ? { agentId } : {}),
  });
};

const openRequest = (touchpoints: Touchpoints, customer: Customer, { orderId }: PastOrder, openedAt: Instant): void => {
  const { random, partyId, channel, agentId } = customer;
  const requestId = `request-${orderId}`;
  const isImmediate = channel === 'phone' || channel === 'chat';
  const category = random.pick(['delivery-status', 'invoice', 'assembly', 'return', 'warranty']);
  const contact = recordContact(touchpoints, customer, {
    id: `contact-${requestId}`,
    at: openedAt - minutes(1),
    direction: 'inbound',
    purpose: 'service',
    topicCode: category,
    channel,
    outcome: 'completed',
    agentId,
    links: { requestId, orderId },
  });
  touchpoints.add(
    'ServiceRequestOpened',
    requestId,
    openedAt,
    partyId,
    {
      requestId,
      partyId,
      channel,
      category,
      class: isImmediate ? 'immediate' : 'deferred',
      openedAt: toIso(openedAt),
      ...(isImmediate ? {} : { agreedDueAt: toIso(openedAt + hours(24)) }),
    },
    { channel, causedBy: contact, byCustomer: true },
  );
  const answersSurvey = random.chance(0.5);
  const asksSurvey = customer.allowsSurveys && random.chance(0.5);
  const resolvedAt = work(touchpoints, customer, requestId, openedAt, isImmediate);
  if (resolvedAt === null || !asksSurvey || resolvedAt > touchpoints.endsAt) return;
  const isFast = resolvedAt - openedAt < hours(8);
  askSurvey(touchpoints, customer, {
    key: `ces-${orderId}`,
    at: resolvedAt + hours(random.between(2, 20)),
    instrument: 'ces',
    experience: Math.min(1, Math.max(0, customer.temper + (isFast ? 0.1 : -0.2) + random.between(-0.1, 0.1))),
    answers: answersSurvey,
    requestId,
    aboutEventId: touchpoints.eventId(`resolved-${requestId}`),
  });
};

/** From opening to resolution; answers when it was resolved, null when it was forgotten. */
const work = (
  touchpoints: Touchpoints,
  { random, partyId, agentId, channel }: Customer,
  requestId: string,
  openedAt: Instant,
  isImmediate: boolean,
): Instant | null => {
  const resolve = (at: Instant, byTier: 'front_office' | 'back_office'): Instant => {
    touchpoints.add(
      'ServiceRequestResolved',
      `resolved-${requestId}`,
      at,
      partyId,
      {
        requestId,
        resolutionCode: random.pick(['answered', 'replaced', 'corrected', 'explained']),
        byTier,
        resolvedAt: toIso(at),
        confirmedByCustomer: random.chance(0.7),
      },
      { agentId, channel, causedBy: requestId },
    );
    return at;
  };
  const escalate = (level: 1 | 2 | 3, at: Instant): void => {
    const steps = {
      1: ['front_office', 'back_office'],
      2: ['back_office', 'supervisor'],
      3: ['supervisor', 'manager'],
    } as const;
    const [from, to] = steps[level];
    touchpoints.add(
      'ServiceRequestEscalated',
      `escalation-${level}-${requestId}`,
      at,
      partyId,
      { requestId, from, to, level, reason: level === 1 ? 'not-solved-at-once' : 'agreed-time-running-out' },
      { causedBy: requestId },
    );
  };
  if (isImmediate && random.chance(0.7)) {
    return resolve(openedAt + Math.round(random.between(50, 178)) * 1_000, 'front_office');
  }
  escalate(1, openedAt + minutes(isImmediate ? 3 : random.between(10, 90)));
  const isInTime = random.chance(0.84);
  const isForgotten = random.chance(0.08);
  const waits = random.chance(0.2);
  if (waits) {
    const from = openedAt + hours(random.between(2, 5));
    touchpoints.add('ServiceRequestPaused', `pause-${requestId}`, from, partyId, {
      requestId,
      reason: 'waiting_customer',
    });
    touchpoints.add('ServiceRequestResumed', `resume-${requestId}`, from + hours(random.between(1, 6)), partyId, {
      requestId,
    });
  }
  if (isInTime) return resolve(openedAt + hours(random.between(waits ? 12 : 2, 22)), 'back_office');
  escalate(2, openedAt + hours(18));
  escalate(3, openedAt + hours(24));
  return isForgotten ? null : resolve(openedAt + hours(random.between(26, 70)), 'back_office');
};

const promise = (touchpoints: Touchpoints, customer: Customer, { orderId }: PastOrder, at: Instant): void => {
  const { random, partyId, agentId } = customer;
  const promiseId = `promise-${orderId}`;
  const dueAt = at + hours(random.between(6, 72));
  touchpoints.add(
    'PromiseMade',
    promiseId,
    at,
    partyId,
    { promiseId, partyId, madeBy: agentId, dueAt: toIso(dueAt), relatedTo: orderId },
    { agentId },
  );
  const fate = random.next();
  // A few are never settled; that counts as broken once they are due.
  if (fate > 0.97) return;
  const isKept = fate < 0.86;
  const fulfilledAt = Math.round(
    isKept ? at + (dueAt - at) * random.between(0.3, 1) : dueAt + hours(random.between(2, 40)),
  );
  touchpoints.add(
    'PromiseSettled',
    `settled-${promiseId}`,
    fulfilledAt,
    partyId,
    { promiseId, outcome: isKept ? 'kept' : 'broken', fulfilledAt: toIso(fulfilledAt) },
    { agentId, causedBy: promiseId },
  );
};

const detectFailure = (touchpoints: Touchpoints, customer: Customer, order: PastOrder): void => {
  const { random, partyId, agentId } = customer;
  const failureId = `failure-${order.orderId}`;
  const at = (order.deliveredAt ?? order.placedAt) + minutes(random.between(5, 50));
  touchpoints.add('ServiceFailureDetected', failureId, at, partyId, {
    failureId,
    partyIds: [partyId],
    kind: order.isLate ? 'delivery' : random.pick(['billing', 'quality', 'data']),
    severity: random.pick([1, 1, 2, 2, 3]),
    detectedBy: random.chance(0.7) ? 'us' : 'customer',
  });
  if (!random.chance(0.85)) return;
  recordContact(touchpoints, customer, {
    id: `sorry-${order.orderId}`,
    at: inOfficeHours(at + hours(20)),
    direction: 'outbound',
    purpose: 'follow_up',
    topicCode: 'failure',
    channel: 'phone',
    outcome: 'answered',
    agentId,
    links: { orderId: order.orderId },
  });
};
