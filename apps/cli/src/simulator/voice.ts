import { eventIdOf, type FactData, type Instant } from '@afecto/domain';
import { recordContact } from './contacts';
import { type Customer, experienceOf, type PastOrder } from './customers';
import { days, hours, inOfficeHours, minutes, type Touchpoints } from './touchpoints';

type Survey = FactData['SurveyAnswered'];
interface Question {
  readonly key: string;
  readonly at: Instant;
  readonly instrument: 'csat_transactional' | 'nps' | 'ces';
  /** How it felt, 0..1. */
  readonly experience: number;
  readonly answers: boolean;
  readonly aboutEventId?: string;
  readonly orderId?: string;
  readonly requestId?: string;
}

const csat = (experience: number): number =>
  experience >= 0.72 ? 5 : experience >= 0.52 ? 4 : experience >= 0.4 ? 3 : experience >= 0.2 ? 2 : 1;
const nps = (experience: number): number => Math.min(10, Math.max(0, Math.round(experience * 11 - 0.2)));
const ces = (experience: number): number => 1 + Math.round(experience * 6);

const scales: Readonly<
  Record<
    Question['instrument'],
    { readonly min: number; readonly max: number; readonly score: (felt: number) => number }
  >
> = {
  csat_transactional: { min: 1, max: 5, score: csat },
  nps: { min: 0, max: 10, score: nps },
  ces: { min: 1, max: 7, score: ces },
};

/** Asks by email and records the answer, if there is one. */
export const askSurvey = (touchpoints: Touchpoints, customer: Customer, question: Question): void => {
  const { partyId, random } = customer;
  const { key, instrument, experience, answers, aboutEventId, orderId, requestId } = question;
  const at = inOfficeHours(question.at);
  const surveyId = `survey-${key}`;
  const delay = hours(random.between(1, 40));
  const asked = recordContact(touchpoints, customer, {
    id: `ask-${key}`,
    at,
    direction: 'outbound',
    purpose: 'survey',
    topicCode: instrument,
    channel: 'email',
    outcome: answers ? 'completed' : 'no_answer',
    instrument,
    links: {
      surveyId,
      ...(orderId === undefined ? {} : { orderId }),
      ...(requestId === undefined ? {} : { requestId }),
    },
  });
  if (!answers) return;
  const { min, max, score } = scales[instrument];
  const empathy: Survey['items'] =
    instrument === 'csat_transactional' && random.chance(0.4) ? { empathy: csat(experience) } : undefined;
  touchpoints.add(
    'SurveyAnswered',
    surveyId,
    at + delay,
    partyId,
    {
      surveyId,
      partyId,
      instrument,
      score: score(experience),
      scaleMin: min,
      scaleMax: max,
      ...(empathy === undefined ? {} : { items: empathy }),
      ...(aboutEventId === undefined ? {} : { aboutEventId }),
    },
    { channel: 'email', causedBy: asked, byCustomer: true },
  );
};

const observeWordOfMouth = (touchpoints: Touchpoints, customer: Customer, order: PastOrder, felt: number): void => {
  const { partyId, random } = customer;
  const isGlad = felt > 0.88 && random.chance(0.08);
  const isAngry = felt < 0.2 && random.chance(0.3);
  if (!isGlad && !isAngry) return;
  const at = (order.deliveredAt ?? order.placedAt) + days(random.between(1, 30));
  const size = random.between(0.6, 1);
  touchpoints.add(
    'WordOfMouthObserved',
    `wom-${order.orderId}`,
    at,
    partyId,
    {
      partyId,
      polarity: Math.round((isGlad ? size : -size) * 100) / 100,
      reach: random.chance(0.7) ? 'public' : 'private',
      platform: random.pick(['review-site', 'social-network', 'forum']),
      verified: true,
    },
    { channel: 'social' },
  );
};

/** After a delivery: satisfaction, now and then recommendation, and what the customer says to others. */
export const hearAboutOrder = (touchpoints: Touchpoints, customer: Customer, order: PastOrder): number => {
  const { random, allowsSurveys } = customer;
  const felt = experienceOf(customer, order);
  const deliveredAt = order.deliveredAt ?? order.placedAt;
  const isAsked = allowsSurveys && random.chance(0.6);
  const isAskedAgain = allowsSurveys && random.chance(0.25);
  if (isAsked) {
    askSurvey(touchpoints, customer, {
      key: `csat-${order.orderId}`,
      at: deliveredAt + days(random.between(2, 6)),
      instrument: 'csat_transactional',
      experience: felt,
      answers: random.chance(0.55),
      orderId: order.orderId,
      ...(order.fulfilment === null ? {} : { aboutEventId: eventIdOf(order.fulfilment.source, order.fulfilment.id) }),
    });
  }
  if (isAskedAgain) {
    askSurvey(touchpoints, customer, {
      key: `nps-${order.orderId}`,
      at: deliveredAt + days(random.between(10, 25)) + minutes(random.between(0, 90)),
      instrument: 'nps',
      experience: felt,
      answers: random.chance(0.5),
    });
  }
  observeWordOfMouth(touchpoints, customer, order, felt);
  return felt;
};

const WAVE_EVERY_DAYS = 182;
const LAST_WAVE_DAYS = 45;
const ACTIVE_DAYS = 365;

/** Twice a year all customers with an order in the last year are asked whether they would recommend us. */
export const askInWaves = (touchpoints: Touchpoints, customer: Customer): void => {
  const { orders, partyId, random, temper, allowsSurveys } = customer;
  if (!allowsSurveys) return;
  const [first] = orders;
  for (let wave = touchpoints.endsAt - days(LAST_WAVE_DAYS); wave > first.placedAt; wave -= days(WAVE_EVERY_DAYS)) {
    const at = wave + days(random.between(-12, 12));
    const isActive = orders.some(({ placedAt }) => placedAt < at && at - placedAt <= days(ACTIVE_DAYS));
    const answers = random.chance(0.55);
    const felt = Math.min(1, Math.max(0, temper + random.between(-0.1, 0.1)));
    if (!isActive) continue;
    askSurvey(touchpoints, customer, {
      key: `wave-${partyId}-${Math.floor(wave / days(1))}`,
      at,
      instrument: 'nps',
      experience: felt,
      answers,
    });
  }
};
