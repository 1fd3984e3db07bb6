import { hash32 } from '../import/opaque-id';
import { recordContact } from './contacts';
import type { Customer } from './customers';
import { needs } from './demo-configuration';
import { days, hours, inOfficeHours, minutes, type Touchpoints } from './touchpoints';

export const PROGRAMME = 'office-circle';
const POLICY_VERSION = 'privacy-2014';
/** A customer whose first order is younger than this has not been welcomed yet: work for the welcome queue. */
const WELCOME_BACKLOG_DAYS = 90;

type Person = Pick<Customer, 'partyId' | 'random'>;

/** Email and telephone, most of them verified. The addresses are of the kind that nobody can have. */
export const identify = (touchpoints: Touchpoints, { partyId, random }: Person, at: number): void => {
  const digits = String(hash32(partyId) % 10_000_000).padStart(7, '0');
  const hasPhone = random.chance(0.8);
  const isEmailVerified = random.chance(0.85);
  touchpoints.add('PartyIdentified', `identified-${partyId}`, at, partyId, {
    partyId,
    identifiers: [
      { scheme: 'email', value: `${partyId}@example.com`, verified: isEmailVerified, preferred: true, valid: true },
      ...(hasPhone
        ? [
            {
              scheme: 'phone',
              value: `+1555${digits}`,
              verified: random.chance(0.6),
              preferred: false,
              valid: true,
            } as const,
          ]
        : []),
    ],
  });
};

const purposes = [
  ['marketing', 0.78],
  ['survey', 0.85],
  ['winback', 0.75],
  ['profiling', 0.6],
] as const;

/** What the person agrees to, by purpose, for all channels; some take marketing back later. */
export const consent = (
  touchpoints: Touchpoints,
  { partyId, random }: Person,
  at: number,
  allowsSurveys: boolean,
): void => {
  for (const [purpose, share] of purposes) {
    const isGiven = random.chance(share);
    if (purpose === 'survey' ? !allowsSurveys : !isGiven) continue;
    touchpoints.add(
      'ConsentGranted',
      `consent-${purpose}-${partyId}`,
      at,
      partyId,
      {
        partyId,
        purpose,
        channel: 'all',
        lawfulBasis: 'consent',
        policyVersion: POLICY_VERSION,
        evidenceRef: `form-${partyId}`,
      },
      { byCustomer: true },
    );
    if (purpose !== 'marketing' || !random.chance(0.07)) continue;
    touchpoints.add(
      'ConsentWithdrawn',
      `withdrawn-${purpose}-${partyId}`,
      at + days(random.between(30, 900)),
      partyId,
      { partyId, purpose, channel: 'all', via: 'unsubscribe-link' },
      { byCustomer: true },
    );
  }
};

/** What the person says to need, and how they like to be reached. */
export const statePreferences = (touchpoints: Touchpoints, { partyId, random }: Person, at: number): void => {
  const need = random.pick(needs);
  const state = (kind: 'need' | 'preference' | 'interest', key: string, value: string): void => {
    touchpoints.add('PreferenceRecorded', `${kind}-${key}-${partyId}`, at, partyId, {
      partyId,
      preferenceId: `${kind}-${key}-${partyId}`,
      kind,
      key,
      value,
      origin: 'stated',
      horizon: kind === 'need' && random.chance(0.25) ? 'future' : 'current',
    });
  };
  state('need', need, 'yes');
  if (random.chance(0.6)) state('preference', 'preferred_time', random.pick(['morning', 'afternoon']));
  if (random.chance(0.6)) state('preference', 'preferred_channel', random.pick(['email', 'phone']));
  if (random.chance(0.3)) state('interest', random.pick(['design', 'technology', 'savings']), 'yes');
};

/** After the first delivery: we introduce ourselves and ask what the customer needs. */
export const welcome = (touchpoints: Touchpoints, customer: Customer): void => {
  const { random, partyId, agentId, orders } = customer;
  const [first] = orders;
  const isGreeted = random.chance(0.85);
  const tells = random.chance(0.7);
  const later = random.between(1, 14);
  if (!isGreeted || first.placedAt > touchpoints.endsAt - days(WELCOME_BACKLOG_DAYS)) return;
  const at = inOfficeHours((first.deliveredAt ?? first.placedAt) + hours(random.between(12, 60)));
  recordContact(touchpoints, customer, {
    id: `welcome-${partyId}`,
    at,
    direction: 'outbound',
    purpose: 'welcome',
    topicCode: 'welcome',
    channel: random.chance(0.5) ? 'phone' : 'email',
    outcome: 'answered',
    agentId,
    links: { orderId: first.orderId },
  });
  if (!tells) return;
  const asked = inOfficeHours(at + days(later));
  recordContact(touchpoints, customer, {
    id: `profiling-${partyId}`,
    at: asked,
    direction: 'outbound',
    purpose: 'profiling',
    topicCode: 'needs',
    channel: 'phone',
    outcome: 'answered',
    agentId,
  });
  statePreferences(touchpoints, customer, asked + minutes(10));
  if (!random.chance(0.35)) return;
  const brandsUsed = random.whole(1, 4);
  touchpoints.add('WalletReported', `wallet-${partyId}`, touchpoints.endsAt - days(random.between(20, 500)), partyId, {
    partyId,
    category: 'office-supplies',
    competitorIds: [],
    origin: 'agent',
    rank: Math.min(brandsUsed, random.whole(1, 3)),
    brandsUsed,
  });
};

/** Some join the programme at their second order, collect points with each and now and then redeem them. */
export const joinProgramme = (touchpoints: Touchpoints, { partyId, random, orders, temper }: Customer): void => {
  const [, second, ...others] = orders;
  if (second === undefined || !random.chance(0.25 + 0.25 * temper)) return;
  const membershipId = `membership-${partyId}`;
  touchpoints.add('MembershipEnrolled', membershipId, second.placedAt + minutes(5), partyId, {
    membershipId,
    partyId,
    programId: PROGRAMME,
    type: 'continuous',
  });
  let balance = 0;
  for (const order of [second, ...others]) {
    const points = Math.floor(order.totalMinor / 1_000);
    if (points === 0) continue;
    balance += points;
    touchpoints.add('RewardGranted', `points-${order.orderId}`, order.placedAt + minutes(10), partyId, {
      membershipId,
      partyId,
      kind: 'points',
      benefit: 'value',
      valueMinor: 0,
      pointsDelta: points,
      reason: 'order',
    });
    if (balance < 100 || !random.chance(0.35)) continue;
    const redeemed = Math.floor(balance / 2);
    balance -= redeemed;
    touchpoints.add('RewardGranted', `redeemed-${order.orderId}`, order.placedAt + days(2), partyId, {
      membershipId,
      partyId,
      kind: 'economic',
      benefit: 'value',
      valueMinor: redeemed,
      pointsDelta: -redeemed,
      reason: 'redemption',
    });
  }
};
