import { DAY_MS, toIso } from '@afecto/domain';
import type { CloudEvent } from '../import';
import { opaqueId } from '../import/opaque-id';
import { customersOf } from '../simulator/customers';
import { Random } from '../simulator/random';
import { consent, identify, statePreferences } from '../simulator/relationship';
import { live } from '../simulator/simulate';
import { days, hours, minutes, Touchpoints } from '../simulator/touchpoints';
import type { Calendar } from './calendar';
import { ordersOf } from './orders';
import type { Shape } from './shape';

/** Everything that one party's story needs; the same party has the same story in a larger portfolio. */
export interface Telling {
  readonly seed: number;
  readonly calendar: Calendar;
  readonly shape: Shape;
}

export const partyIdOf = (seed: number, kind: 'customer' | 'prospect', index: number): string =>
  opaqueId(kind === 'customer' ? 'syn' : 'lead', `${seed}|${index}`);

/** Questions and referrals come before a first order, but nothing comes earlier than this before the calendar. */
export const BEFORE_ORDERS_MS = 60 * DAY_MS;
/** Share of customers whom another customer has brought, as in the demonstration. */
const REFERRED_SHARE = 0.1;

const register = (touchpoints: Touchpoints, partyId: string, at: number, random: Random): void => {
  touchpoints.add('PartyRegistered', `registered-${partyId}`, at, partyId, {
    partyId,
    kind: random.chance(0.3) ? 'organization' : 'person',
    displayName: `Party ${partyId}`,
    source: 'synthetic',
  });
};

/** A customer: orders of the shape, and the touchpoints of the demonstration around them. */
export const customerStory = (index: number, { seed, calendar, shape }: Telling): ReadonlyArray<CloudEvent> => {
  const partyId = partyIdOf(seed, 'customer', index);
  const random = new Random(seed, `${partyId}|orders`);
  const touchpoints = new Touchpoints(calendar.endsAt);
  const orders = ordersOf(partyId, random, calendar, shape);
  for (const customer of customersOf(orders, seed)) {
    const firstAt = customer.orders[0].placedAt;
    register(touchpoints, partyId, firstAt, random);
    live(touchpoints, customer);
    if (index === 0 || !random.chance(REFERRED_SHARE)) continue;
    const referralId = `referral-${partyId}`;
    touchpoints.add('ReferralMade', referralId, firstAt - days(random.between(0.1, 20)), partyId, {
      referralId,
      referrerId: partyIdOf(seed, 'customer', random.whole(0, index - 1)),
      referredId: partyId,
      channel: random.pick(['email', 'in_person', 'social']),
    });
  }
  // The demonstration's four years have room for what is dated by their end alone; one year may not.
  const earliest = toIso(calendar.startsAt - BEFORE_ORDERS_MS);
  return [...orders, ...touchpoints.facts.filter(({ time }) => time > earliest)];
};

/** A party who has not ordered: registered some day, told us little, and now and then enquires. */
export const prospectStory = (index: number, { seed, calendar }: Telling): ReadonlyArray<CloudEvent> => {
  const partyId = partyIdOf(seed, 'prospect', index);
  const random = new Random(seed, partyId);
  const touchpoints = new Touchpoints(calendar.endsAt);
  const registeredAt = Math.floor(calendar.startsAt + (calendar.endsAt - calendar.startsAt) * random.next());
  register(touchpoints, partyId, registeredAt, random);
  const person = { partyId, random };
  if (random.chance(0.7)) identify(touchpoints, person, registeredAt + minutes(1));
  if (random.chance(0.4)) consent(touchpoints, person, registeredAt + minutes(2), random.chance(0.5));
  if (random.chance(0.1)) statePreferences(touchpoints, person, registeredAt + minutes(3));
  if (random.chance(0.15)) {
    const enquiryId = `enquiry-${partyId}`;
    const at = registeredAt + hours(random.between(0.1, 400));
    const channel = random.pick<'web' | 'email' | 'phone'>(['web', 'email', 'phone']);
    const productLine = `family-${random.whole(10, 90)}`;
    const estValueMinor = random.whole(5_000, 400_000);
    touchpoints.add(
      'EnquiryReceived',
      enquiryId,
      at,
      partyId,
      { enquiryId, partyId, channel, productLine, estValueMinor },
      { channel, byCustomer: true },
    );
    if (random.chance(0.9))
      touchpoints.add('EnquiryClosed', `closed-${enquiryId}`, at + days(random.between(0.5, 6)), partyId, {
        enquiryId,
        outcome: random.chance(0.75) ? 'lost' : 'disqualified',
        reason: random.pick(['price', 'no-budget', 'chose-another']),
      });
  }
  return touchpoints.facts;
};
