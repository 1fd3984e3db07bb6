import { type Instant, toIso } from '@afecto/domain';
import { recordContact } from './contacts';
import { anyAgent, type Customer, type PastOrder } from './customers';
import { days, hours, inOfficeHours, minutes, type Touchpoints } from './touchpoints';

const SUPERVISOR = 'agent-supervisor';
/** Busy days before the end of the year: more goes wrong, and part of it is still open at the end. */
const BUSY_DAYS = 14;

interface Matter {
  readonly complaintId: string;
  readonly severity: 1 | 2 | 3 | 4;
  readonly order: PastOrder;
}

const likelihood = ({ isLate, deliveredAt }: PastOrder, felt: number, endsAt: Instant): number =>
  0.015 +
  (isLate ? 0.3 : 0) +
  (felt < 0.35 ? 0.1 : 0) +
  (deliveredAt !== null && deliveredAt > endsAt - days(BUSY_DAYS) ? 0.06 : 0);

const severityOf = ({ random }: Customer): Matter['severity'] => {
  const one = random.next();
  return one < 0.35 ? 1 : one < 0.7 ? 2 : one < 0.93 ? 3 : 4;
};

/** After an unhappy delivery a customer may complain; answers whether it was so. */
export const maybeComplain = (
  touchpoints: Touchpoints,
  customer: Customer,
  order: PastOrder,
  felt: number,
): boolean => {
  const { random, partyId, channel } = customer;
  if (order.deliveredAt === null || !random.chance(likelihood(order, felt, touchpoints.endsAt))) return false;
  const matter: Matter = { complaintId: `complaint-${order.orderId}`, severity: severityOf(customer), order };
  const { complaintId, severity } = matter;
  const receivedAt = order.deliveredAt + hours(random.between(14, 110));
  const contact = recordContact(touchpoints, customer, {
    id: `contact-${complaintId}`,
    at: receivedAt,
    direction: 'inbound',
    purpose: 'complaint',
    topicCode: order.isLate ? 'late-delivery' : 'product',
    channel,
    outcome: 'completed',
    agentId: customer.agentId,
    links: { complaintId, orderId: order.orderId },
  });
  const category = order.isLate
    ? 'late_delivery'
    : random.pick(['product_quality', 'wrong_item', 'billing', 'staff_conduct', 'damaged']);
  touchpoints.add(
    'ComplaintReceived',
    complaintId,
    receivedAt + minutes(1),
    partyId,
    {
      complaintId,
      partyId,
      channel,
      category,
      severity,
      ...(random.chance(0.5) ? { desiredRemedy: random.pick(['refund', 'replacement', 'apology']) } : {}),
    },
    { channel, causedBy: contact, byCustomer: true },
  );
  handle(touchpoints, customer, matter, receivedAt + minutes(1));
  return true;
};

const handle = (touchpoints: Touchpoints, customer: Customer, matter: Matter, receivedAt: Instant): void => {
  const { random, partyId } = customer;
  const { complaintId, severity } = matter;
  const limit = severity === 4 ? hours(4) : hours(24);
  const isPrompt = random.chance(0.85);
  const isInTarget = random.chance(0.72);
  const isForgotten = random.chance(0.05);
  const acknowledgedAt = receivedAt + minutes(isPrompt ? random.between(3, 55) : random.between(80, 300));
  touchpoints.add(
    'ComplaintAcknowledged',
    `ack-${complaintId}`,
    acknowledgedAt,
    partyId,
    { complaintId, responsibleAgentId: customer.agentId, resolveBy: toIso(receivedAt + limit) },
    { agentId: customer.agentId, causedBy: complaintId },
  );
  const resolvedAt = isInTarget
    ? Math.max(acknowledgedAt + minutes(5), receivedAt + limit * random.between(0.2, 0.95))
    : receivedAt + limit + hours(random.between(2, 90));
  if (isForgotten) return;
  const at = Math.round(resolvedAt);
  resolve(touchpoints, customer, matter, at, 1);
  followUp(touchpoints, customer, matter, at, isInTarget);
};

const resolve = (
  touchpoints: Touchpoints,
  customer: Customer,
  { complaintId, severity, order }: Matter,
  at: Instant,
  round: number,
): void => {
  const { random, partyId } = customer;
  const isCompensated = random.chance(0.5 + 0.1 * severity);
  const share = random.between(0.03, 0.12);
  if (isCompensated) {
    const isApology = severity === 1;
    const amountMinor = isApology ? 0 : Math.min(5_000, Math.round(order.totalMinor * share));
    touchpoints.add(
      'CompensationGranted',
      `compensation-${round}-${complaintId}`,
      at - minutes(2),
      partyId,
      {
        complaintId,
        partyId,
        kind: isApology ? 'apology' : random.pick(['refund', 'credit', 'discount', 'replacement']),
        amountMinor,
        justice: isApology ? 'interactional' : 'distributive',
        approvedBy: SUPERVISOR,
      },
      { agentId: customer.agentId, causedBy: complaintId },
    );
  }
  touchpoints.add(
    'ComplaintResolved',
    `resolution-${round}-${complaintId}`,
    at,
    partyId,
    {
      complaintId,
      decision: random.pick(['upheld', 'upheld', 'partly', 'rejected']),
      rootCause: random.pick(['carrier', 'picking', 'supplier-defect', 'invoice-error', 'handling']),
      immediate: false,
      resolvedAt: toIso(at),
    },
    { agentId: customer.agentId, causedBy: complaintId },
  );
};

const verdictOf = ({ random }: Customer, isInTarget: boolean): 1 | 2 | 3 | 4 | 5 => {
  const one = random.next();
  if (isInTarget) return one < 0.45 ? 5 : one < 0.78 ? 4 : one < 0.9 ? 3 : 2;
  return one < 0.08 ? 5 : one < 0.25 ? 4 : one < 0.5 ? 3 : one < 0.8 ? 2 : 1;
};

/** A bad verdict reopens the complaint; most are then set right, the others stay open. */
const followUp = (
  touchpoints: Touchpoints,
  customer: Customer,
  matter: Matter,
  resolvedAt: Instant,
  isInTarget: boolean,
): void => {
  const { random, partyId } = customer;
  const { complaintId } = matter;
  let at = inOfficeHours(resolvedAt + days(random.between(5, 7)));
  let attempt = 1;
  const call = (id: string, isReached: boolean): void => {
    recordContact(touchpoints, customer, {
      id,
      at: at - minutes(5),
      direction: 'outbound',
      purpose: 'follow_up',
      topicCode: 'complaint',
      channel: 'phone',
      outcome: isReached ? 'answered' : 'no_answer',
      agentId: customer.agentId,
      links: { complaintId },
    });
  };
  if (random.chance(0.12)) {
    call(`call-1-${complaintId}`, false);
    touchpoints.add('ComplaintFollowedUp', `followup-1-${complaintId}`, at, partyId, {
      complaintId,
      unreachable: true,
      attempt,
    });
    at += days(random.whole(2, 4));
    attempt += 1;
  }
  const verdict = verdictOf(customer, isInTarget);
  call(`call-${attempt}-${complaintId}`, true);
  const heard = touchpoints.add(
    'ComplaintFollowedUp',
    `followup-${attempt}-${complaintId}`,
    at,
    partyId,
    { complaintId, verdict, attempt },
    { channel: 'phone', agentId: customer.agentId, causedBy: `resolution-1-${complaintId}` },
  );
  if (verdict > 2 || random.chance(0.3)) return;
  const again = at + hours(random.between(8, 60));
  resolve(touchpoints, customer, matter, again, 2);
  touchpoints.add(
    'ComplaintFollowedUp',
    `followup-${attempt + 1}-${complaintId}`,
    inOfficeHours(again + days(6)),
    partyId,
    { complaintId, verdict: random.pick([3, 4, 4, 5]), attempt: attempt + 1 },
    { channel: 'phone', agentId: anyAgent(random), causedBy: heard },
  );
};
