import { defaultConfiguration, type Fact, type FactData } from '@afecto/domain';
import { contacted, givenCustomers, isoDaysAgo, ordered, said } from '../tally/given-customers';
import { portraitFigures } from './portrait';

const configured: Fact = said('ConfigurationActivated', 900, {
  version: 1,
  effectiveFrom: isoDaysAgo(900),
  config: {
    ...defaultConfiguration,
    version: 1,
    capabilities: ['delivery'],
    segments: [
      { segmentId: 'people', name: 'People', kinds: ['person'] },
      { segmentId: 'firms', name: 'Firms', kinds: ['organization'], needs: ['delivery', 'credit'] },
      { segmentId: 'all', name: 'All' },
    ],
    propositions: [{ propositionId: 'p', segmentId: 'firms', statement: 'Delivered on account' }],
  },
});
const registered = (partyId: string, kind: 'person' | 'organization'): Fact =>
  said('PartyRegistered', 800, { partyId, kind, displayName: partyId, source: 'test' });
const needing = (partyId: string, key: string): Fact =>
  said('PreferenceRecorded', 700, {
    partyId,
    preferenceId: `${partyId}-${key}`,
    kind: 'need',
    key,
    value: 'yes',
    origin: 'stated',
    horizon: 'current',
  });
const bought = (
  partyId: string,
  productLine: string,
  netMinor: number,
  listMinor = netMinor,
  rest: Partial<FactData['OrderPlaced']> = {},
): Fact =>
  ordered(partyId, 100, `o-${partyId}-${productLine}`, {
    netMinor,
    lines: [{ sku: 'sku', productLine, qty: 1, listMinor, netMinor }],
    ...rest,
  });
/** So many people, of whom each buys of one line. */
const people = (from: number, count: number, productLine: string): ReadonlyArray<Fact> =>
  Array.from({ length: count }, (_, index) => `c${from + index}`).flatMap((partyId) => [
    registered(partyId, 'person'),
    bought(partyId, productLine, 1_000),
  ]);

describe('the portrait of a segment', () => {
  // coverage: 66
  test('says for whom, with what, on which channel and at which price', async () => {
    const { figures } = await givenCustomers([
      configured,
      registered('f1', 'organization'),
      needing('f1', 'delivery'),
      needing('f1', 'a secret of f1'),
      bought('f1', 'books', 800, 1_000, { channel: 'phone' }),
      contacted('f1', 50, { channel: 'phone' }),
      registered('f2', 'organization'),
      needing('f2', 'credit'),
      contacted('f2', 40, { channel: 'email' }),
      registered('p1', 'person'),
      bought('p1', 'games', 1_000),
    ]);
    expect(await figures(portraitFigures)).toMatchObject({
      segments: [
        { segmentId: 'people', buyers: 1, needs: [], message: null },
        {
          segmentId: 'firms',
          message: 'Delivered on account',
          needs: [
            { need: 'credit', customers: 1, share: 1 / 3 },
            { need: 'delivery', customers: 1, share: 1 / 3 },
          ],
          // Nothing that only the customer says becomes a key.
          otherNeeds: 1,
          channels: [
            { channel: 'email', customers: 1, share: 0.5 },
            { channel: 'phone', customers: 1, share: 0.5 },
          ],
          prices: { listMinor: 1_000, discountMinor: 200, discountShare: 0.2, isPriceSensitive: true },
          buyers: 1,
          productLines: [{ productLine: 'books', customers: 1, share: 1, lift: null }],
        },
        { segmentId: 'all', buyers: 2, prices: { discountShare: 0.1, isPriceSensitive: false } },
      ],
    });
  });

  test('has no product line that its customers returned whole', async () => {
    const { figures } = await givenCustomers([
      configured,
      registered('f1', 'organization'),
      ordered('f1', 100, 'o1', {
        netMinor: 300,
        lines: ['books', 'games'].map((productLine, index) => ({
          sku: productLine,
          productLine,
          qty: 1,
          listMinor: 100 + index * 100,
          netMinor: 100 + index * 100,
        })),
      }),
      said(
        'OrderReversed',
        90,
        {
          orderId: 'o1',
          kind: 'returned',
          amountMinor: 200,
          lines: [{ sku: 'games', productLine: 'games', qty: 1, netMinor: 200 }],
          reason: 'size',
        },
        'f1',
      ),
    ]);
    const { segments } = await figures(portraitFigures);
    expect(segments).toContainEqual(
      expect.objectContaining({ segmentId: 'all', productLines: [expect.objectContaining({ productLine: 'books' })] }),
    );
  });

  // coverage: 66
  test('tells affinity with a line by its lift, from 20 customers on', async () => {
    const firms = Array.from({ length: 20 }, (_, index) => `f${index}`).flatMap((partyId) => [
      registered(partyId, 'organization'),
      needing(partyId, 'credit'),
      bought(partyId, 'books', 1_000),
    ]);
    const { figures } = await givenCustomers([
      configured,
      ...firms,
      ...people(0, 10, 'books'),
      ...people(10, 10, 'games'),
    ]);
    // Of 40 buyers 30 bought books: 20 of 20 firms, 10 of 20 people.
    expect(await figures(portraitFigures)).toMatchObject({
      segments: [
        {
          segmentId: 'people',
          productLines: [
            { productLine: 'books', customers: 10, share: 0.5, lift: null },
            { productLine: 'games', customers: 10, lift: null },
          ],
        },
        { segmentId: 'firms', productLines: [{ productLine: 'books', customers: 20, share: 1, lift: 1 / 0.75 }] },
        {
          segmentId: 'all',
          productLines: [{ productLine: 'books', customers: 30, lift: 1 }, { productLine: 'games' }],
        },
      ],
    });
  });
});
