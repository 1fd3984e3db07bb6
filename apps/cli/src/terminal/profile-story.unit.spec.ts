/**
 * A hard rule puts a customer into defection whatever its score is: "zone defection, score 62.1 of 100" alone looks
 * like a mistake (`domain.md §21.8`).
 */
import { eventIdOf, type FactData, type FactOf, foldCustomer, policyAt, regimeOf, toIso } from '@afecto/domain';
import { profileOf } from '@afecto/projections';
import { profileStory } from './profile-story';

const DAY_MS = 86_400_000;
const NOW = Date.parse('2026-01-01T00:00:00Z');

const said = <T extends 'OrderPlaced' | 'WordOfMouthObserved'>(type: T, ago: number, data: FactData[T]) => {
  const at = NOW - ago * DAY_MS;
  const id = `${type}-${ago}`;
  const envelope = { schemaVersion: 1, streamId: id, occurredAt: at, recordedAt: at, source: 'test', id };
  const eventId = eventIdOf('test', id);
  return { ...envelope, eventId, type, data, subjects: ['p1'], actor: { kind: 'system' as const, id: 'test' } };
};
const ordered = (ago: number): FactOf<'OrderPlaced'> =>
  said('OrderPlaced', ago, {
    orderId: `o${ago}`,
    partyId: 'p1',
    channel: 'web',
    lines: [{ sku: 's', productLine: 'books', qty: 1, listMinor: 100, netMinor: 100 }],
    totalNetMinor: 100,
    currency: 'GBP',
    appliedPreferenceIds: [],
  });
const spoken: FactOf<'WordOfMouthObserved'> = said('WordOfMouthObserved', 89, {
  partyId: 'p1',
  polarity: -0.5,
  reach: 'public',
  platform: 'forum',
  verified: true,
});

const linesOf = (...facts: Parameters<typeof foldCustomer>[0]['facts']): string => {
  const regime = regimeOf([]);
  const history = { partyId: 'p1', members: ['p1'], facts, referredOrders: [] };
  const { fold, standing } = foldCustomer(history, regime, NOW);
  return profileStory(profileOf({ evidence: fold.evidence, standing, policy: policyAt(regime, NOW), asOf: NOW }));
};

describe('the profile on a screen', () => {
  const orders = [35, 25, 15, 5].map(ordered);

  it('names the hard rule beside the zone that it decides', () => {
    expect(linesOf(...orders, spoken)).toMatch(
      /zone +defection since .*, score [45]\d\.\d of 100.*, H4: verified bad word of mouth in the last 90 days/,
    );
    expect(linesOf(...orders)).not.toMatch(/H\d:/);
  });

  it('says when the next order is due', () => {
    const due = toIso(NOW + 5 * DAY_MS).slice(0, 10);
    expect(linesOf(...orders)).toContain(`one in 10 days is its rhythm, next due ${due}`);
  });
});
