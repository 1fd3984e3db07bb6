import { type FactData, toIso } from '@afecto/domain';
import { recordContact } from './contacts';
import type { Customer } from './customers';
import { days, hours, inOfficeHours, minutes, type Touchpoints } from './touchpoints';

type Reason = FactData['DefectionNoticeReceived']['reasonCodes'][number];

const QUIET_DAYS = 120;
const NOTICE_DAYS = 14;

const reasonOf = ({ random, temper }: Customer): Reason =>
  temper < 0.45
    ? random.pick(['poor_attention', 'poor_quality', 'failed_recovery', 'pricing'])
    : random.pick(['competition', 'competition', 'pricing', 'changing_needs', 'lack_of_interaction', 'involuntary']);

/**
 * Customers say goodbye: some who have long ordered nothing left weeks or months ago, and a few who still
 * order have just given notice. No notice comes before the last order.
 */
export const maybeLeave = (touchpoints: Touchpoints, customer: Customer): void => {
  const { random, orders, partyId, temper } = customer;
  const lastAt = Math.max(...orders.map(({ placedAt }) => placedAt));
  const { endsAt } = touchpoints;
  const isQuiet = lastAt < endsAt - days(QUIET_DAYS);
  const share = (isQuiet ? 0.16 : 0.022) * (1.6 - temper);
  if (!random.chance(share)) return;
  const at = isQuiet
    ? lastAt + (endsAt - days(NOTICE_DAYS) - lastAt) * random.between(0.35, 0.85)
    : Math.max(lastAt + hours(12), endsAt - days(random.between(0.2, 12)));
  const reasonCodes: ReadonlyArray<Reason> = [reasonOf(customer)];
  const noticeId = `notice-${partyId}`;
  const noticedAt = Math.round(at);
  if (noticedAt > endsAt) return;
  const effectiveAt = toIso(noticedAt + days(NOTICE_DAYS));
  const channel = random.chance(0.5) ? 'phone' : 'email';
  touchpoints.add(
    'DefectionNoticeReceived',
    noticeId,
    noticedAt,
    partyId,
    { partyId, effectiveAt, reasonCodes, channel },
    { channel, byCustomer: true },
  );
  const isSaved = random.chance(0.12);
  const isDiagnosed = random.chance(0.6);
  if (isDiagnosed) {
    touchpoints.add('DefectionDiagnosed', `diagnosis-${partyId}`, noticedAt + days(random.between(1, 25)), partyId, {
      partyId,
      reasonCodes,
      controllable: !reasonCodes.some((reason) => reason === 'changing_needs' || reason === 'involuntary'),
    });
  }
  const called = inOfficeHours(noticedAt + hours(20));
  if (!random.chance(0.6) || called <= noticedAt) return;
  recordContact(touchpoints, customer, {
    id: `save-${partyId}`,
    at: called,
    direction: 'outbound',
    purpose: 'retention',
    topicCode: 'goodbye',
    channel: 'phone',
    outcome: isSaved ? 'answered' : 'refused',
    agentId: customer.agentId,
  });
  touchpoints.add('RetentionMeasureTaken', `measure-${partyId}`, called + minutes(15), partyId, {
    partyId,
    kind: 'reactive',
    measure: 'save-call',
    triggerEventId: touchpoints.eventId(noticeId),
    costMinor: 500,
  });
  if (!isSaved) return;
  touchpoints.add(
    'DefectionNoticeReceived',
    `stays-${partyId}`,
    called + hours(3),
    partyId,
    { partyId, effectiveAt, reasonCodes, channel, withdrawn: true },
    { channel, byCustomer: true, causedBy: noticeId },
  );
};
