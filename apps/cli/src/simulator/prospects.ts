import { type Instant, toIso } from '@afecto/domain';
import { opaqueId } from '../import/opaque-id';
import { recordContact } from './contacts';
import { anyAgent, type Customer } from './customers';
import { PROPOSITION, PROSPECTS_SEGMENT } from './demo-configuration';
import { Random } from './random';
import { consent, identify, statePreferences } from './relationship';
import { days, hours, inOfficeHours, minutes, type Touchpoints } from './touchpoints';

export const CAMPAIGN = 'new-year-offices';
const PROSPECTS = 150;
const CAMPAIGN_DAYS = { before: 12, after: 30 };

const prospectId = (index: number): string => opaqueId('prospect', String(index));

/** A campaign that runs at the end of the data, and people and offices that have not ordered yet. */
export const addProspects = (touchpoints: Touchpoints, seed: number): void => {
  const { endsAt } = touchpoints;
  const startsAt = endsAt - days(CAMPAIGN_DAYS.before);
  touchpoints.add('CampaignLaunched', CAMPAIGN, startsAt - hours(1), null, {
    campaignId: CAMPAIGN,
    name: 'A new year for your office',
    objective: 'acquisition',
    segmentId: PROSPECTS_SEGMENT,
    propositionId: PROPOSITION,
    channels: ['email', 'phone'],
    startsAt: toIso(startsAt),
    endsAt: toIso(endsAt + days(CAMPAIGN_DAYS.after)),
    budgetMinor: 500_000,
    holdoutPct: 10,
    warningAcknowledged: false,
  });
  for (let index = 1; index <= PROSPECTS; index += 1) addProspect(touchpoints, seed, index);
};

const addProspect = (touchpoints: Touchpoints, seed: number, index: number): void => {
  const partyId = prospectId(index);
  const random = new Random(seed, partyId);
  const registeredAt = touchpoints.endsAt - days(random.between(16, 150));
  touchpoints.add('PartyRegistered', `registered-${partyId}`, registeredAt, partyId, {
    partyId,
    kind: random.chance(0.6) ? 'organization' : 'person',
    displayName: `Prospect ${String(index).padStart(3, '0')}`,
    source: 'simulator',
  });
  identify(touchpoints, { partyId, random }, registeredAt + minutes(1));
  consent(touchpoints, { partyId, random }, registeredAt + minutes(2), random.chance(0.5));
  if (random.chance(0.5)) statePreferences(touchpoints, { partyId, random }, registeredAt + minutes(3));
  if (random.chance(0.35)) enquire(touchpoints, partyId, random);
  else if (random.chance(0.25)) {
    recordContact(
      touchpoints,
      { partyId, random },
      {
        id: `campaign-${partyId}`,
        at: inOfficeHours(touchpoints.endsAt - days(random.between(8.5, 11))),
        direction: 'outbound',
        purpose: 'campaign',
        topicCode: CAMPAIGN,
        channel: 'email',
        outcome: random.chance(0.8) ? 'no_answer' : 'bounced',
        links: { campaignId: CAMPAIGN },
      },
    );
  }
};

const enquire = (touchpoints: Touchpoints, partyId: string, random: Random): void => {
  const enquiryId = `enquiry-${partyId}`;
  const at = touchpoints.endsAt - days(random.between(0.05, 14));
  const channel = random.pick<'web' | 'email' | 'phone'>(['web', 'email', 'phone']);
  const answeredAt = at + hours(random.between(0.2, 30));
  const agentId = anyAgent(random);
  touchpoints.add(
    'EnquiryReceived',
    enquiryId,
    at,
    partyId,
    {
      enquiryId,
      partyId,
      channel,
      productLine: random.pick(['Chairs', 'Phones', 'Binders', 'Tables', 'Paper']),
      estValueMinor: random.whole(5_000, 400_000),
      ...(random.chance(0.5) ? { campaignId: CAMPAIGN } : {}),
    },
    { channel, byCustomer: true },
  );
  if (!random.chance(0.7)) return;
  recordContact(
    touchpoints,
    { partyId, random },
    {
      id: `answer-${enquiryId}`,
      at: answeredAt,
      direction: 'outbound',
      purpose: 'sales',
      topicCode: 'enquiry',
      channel: channel === 'phone' ? 'phone' : 'email',
      outcome: 'answered',
      agentId,
    },
  );
  if (!random.chance(0.4)) return;
  touchpoints.add(
    'EnquiryClosed',
    `closed-${enquiryId}`,
    answeredAt + days(random.between(0.5, 6)),
    partyId,
    {
      enquiryId,
      outcome: random.chance(0.75) ? 'lost' : 'disqualified',
      reason: random.pick(['price', 'no-budget', 'chose-another']),
    },
    { agentId, causedBy: enquiryId },
  );
};

const RECENT_DAYS = 330;
const HAPPY = 0.82;

/**
 * Happy customers recommend us: some of the customers who came later came through one of them, and in
 * the last year some recommended us to a prospect.
 */
export const addReferrals = (touchpoints: Touchpoints, customers: ReadonlyArray<Customer>, seed: number): void => {
  const random = new Random(seed, 'referrals');
  const happy = customers.filter(({ temper }) => temper >= HAPPY);
  const refer = (referrerId: string, referredId: string, at: Instant): void => {
    const referralId = `referral-${referredId}`;
    touchpoints.add('ReferralMade', referralId, at, referrerId, {
      referralId,
      referrerId,
      referredId,
      channel: random.pick(['email', 'in_person', 'social']),
    });
  };
  for (const { partyId, orders } of customers) {
    const firstAt = orders[0].placedAt;
    const at = firstAt - days(random.between(3, 60));
    const candidates = happy.filter((one) => one.partyId !== partyId && one.orders[0].placedAt < at);
    const [first, ...others] = candidates;
    if (first !== undefined && random.chance(0.2)) refer(random.pick([first, ...others]).partyId, partyId, at);
  }
  let index = 1;
  for (const { partyId, temper, orders } of happy) {
    const lastAt = orders.at(-1)?.placedAt ?? orders[0].placedAt;
    const isRecent = lastAt > touchpoints.endsAt - days(RECENT_DAYS);
    if (!random.chance(0.3 * temper) || !isRecent || index > PROSPECTS) continue;
    refer(partyId, prospectId(index), Math.min(lastAt + days(random.between(2, 40)), touchpoints.endsAt - hours(1)));
    index += 1;
  }
};
