import { fact, orderPlaced } from '../customer/fact-builder';
import type { QueueId } from '../customer/standing';
import type { FactData } from '../facts/catalogue';
import type { Fact } from '../facts/envelope';
import {
  activated,
  campaign,
  complaint,
  contact,
  itemOn,
  itemsOn,
  ordersEvery,
  registered,
  survey,
  withdrawn,
} from './arbitrary-scenario';

type Channel = FactData['ConsentGranted']['channel'];

/** A phone that the customer prefers, and an address. */
const identifiers = (phoneIsValid = true) => [
  { scheme: 'phone' as const, value: '+441632960001', verified: true, preferred: true, valid: phoneIsValid },
  { scheme: 'email' as const, value: 'a@example.org', verified: true, preferred: false, valid: true },
];
const known = fact('PartyIdentified', 0, { partyId: 'p1', identifiers: identifiers() });
const agreed = (purpose: FactData['ConsentGranted']['purpose'], channel: Channel): Fact =>
  fact('ConsentGranted', 0, {
    partyId: 'p1',
    purpose,
    channel,
    lawfulBasis: 'consent',
    policyVersion: 'v1',
    evidenceRef: 'form-1',
  });

const onEveryChannel: Fact = fact(
  'CampaignLaunched',
  -1,
  { ...campaignData(), channels: ['phone', 'sms', 'email'] },
  { subjects: [] },
);
function campaignData(): FactData['CampaignLaunched'] {
  const launched = campaign(1, 60);
  if (launched.type !== 'CampaignLaunched') throw new Error('a campaign is launched');
  return launched.data;
}

/** Who is worked on in each queue whose contacts need consent, and on which day. */
const worked: ReadonlyArray<
  [QueueId, FactData['ConsentGranted']['purpose'], number, ReadonlyArray<Fact>, ReadonlyArray<Fact>]
> = [
  ['Q2', 'winback', 600, [orderPlaced(0, 'o0')], []],
  ['Q3', 'marketing', 5, [registered], [activated(), onEveryChannel]],
  ['Q8', 'marketing', 100, [...ordersEvery(30, 4, 95), survey(95, 'nps', 10)], []],
];

// The channel was the first of the campaign, or the contact point that the customer prefers, whether or not the
// customer had agreed to it: an agent who did as the item said was refused for want of consent, or broke it.
describe('the channel of a proactive item (domain.md §4.6, §17.5)', () => {
  test.each(worked)('%s: one that the customer has agreed to', (queue, purpose, day, facts, policy) => {
    const howOf = (...more: ReadonlyArray<Fact>) => itemOn(day, queue, [known, ...facts, ...more], policy).how;
    expect(howOf(agreed(purpose, 'email'))).toBe('email');
    expect(howOf(agreed(purpose, 'all'))).toBe('phone');
  });

  test.each(worked)('%s: another one from when its consent is withdrawn', (queue, purpose, day, facts, policy) => {
    const before = [known, ...facts, agreed(purpose, 'email'), agreed(purpose, 'phone')];
    const { itemId } = itemOn(day, queue, before, policy);
    const after = [...before, withdrawn(day + 1, purpose, 'phone')];
    expect(itemOn(day + 0.9, queue, after, policy).how).toBe('phone');
    expect(itemOn(day + 1.1, queue, after, policy)).toMatchObject({ itemId, state: 'open', how: 'email' });
  });

  test.each<[QueueId, number, ReadonlyArray<Fact>]>([
    ['Q5', 8, [orderPlaced(5, 'o0')]],
    ['Q7', 181, ordersEvery(30, 4, 120)],
  ])(
    '%s, whose contact needs none: another one from when its contact point is no longer valid',
    (queue, day, facts) => {
      const before = [known, ...facts];
      const { triggerKey } = itemOn(day, queue, before);
      const howOf = (...more: ReadonlyArray<Fact>) =>
        itemsOn(day + 1, queue, [...before, ...more]).find((item) => item.triggerKey === triggerKey)?.how;
      const unreachable = fact('PartyIdentified', day + 0.5, { partyId: 'p1', identifiers: identifiers(false) });
      expect([howOf(), howOf(unreachable)]).toEqual(['phone', 'email']);
    },
  );

  test('a campaign is led on its own channels, and on the one at hand for as long as that may be used', () => {
    const policy = [activated(), fact('CampaignLaunched', -1, { ...campaignData(), channels: ['sms', 'email'] })];
    const facts = [registered, known, agreed('marketing', 'all')];
    expect(itemOn(5, 'Q3', facts, policy).how).toBe('sms');
    const unreachable = fact('PartyIdentified', 6, { partyId: 'p1', identifiers: identifiers(false) });
    expect(itemOn(7, 'Q3', [...facts, unreachable], policy).how).toBe('email');
    const again = fact('PartyIdentified', 8, { partyId: 'p1', identifiers: identifiers() });
    expect(itemOn(9, 'Q3', [...facts, unreachable, again], policy).how).toBe('email');
  });
});

describe('the channel of an item that needs no consent (domain.md §4.6)', () => {
  const found = complaint(5, 'c1');
  const called = contact(3, 'service', { direction: 'inbound' });
  const weCalled = contact(4, 'service');
  const weWrote = { ...weCalled, data: { ...weCalled.data, channel: 'email' as const } };
  const invalid = { partyId: 'p1', identifiers: identifiers(false) };
  const ordered = orderPlaced(2, 'o1', { channel: 'web' });
  const answer = survey(5, 'nps', 2);

  test.each<[string, string, ReadonlyArray<Fact>]>([
    ['that of the matter', 'email', [known, found]],
    ['the preferred contact point', 'phone', [known, answer]],
    ['another one while that is not valid', 'email', [fact('PartyIdentified', 0, invalid), called, answer]],
    ['where the customer last came to us', 'phone', [called, weWrote, ordered, answer]],
    ['where the customer last ordered', 'web', [weWrote, ordered, answer]],
    ['by phone', 'phone', [answer]],
  ])('%s: %s', (_, how, facts) => {
    expect(itemOn(5.1, 'Q1', facts).how).toBe(how);
  });
});
