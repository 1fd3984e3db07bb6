import { absorbedBy, given, live } from '../command/given-when-then';
import { defaultConfiguration } from '../policy/configuration';
import { recordCostToServe } from './record-cost-to-serve';
import { reportWallet } from './report-wallet';

const cost = {
  partyId: 'customer',
  amountMinor: 1_200,
  activity: 'calls',
  periodFrom: '2026-02-01',
  periodTo: '2026-02-28',
};
const inMadrid = {
  configuration: { ...defaultConfiguration, tenant: { timeZone: 'Europe/Madrid', reportingCurrency: 'EUR' } },
};

describe('RecordCostToServe', () => {
  it('records what it cost, on the account of the survivor', () => {
    given()
      .when(recordCostToServe, cost)
      .then(['CostToServeRecorded', cost, ['customer']]);
    const outcome = given().when(recordCostToServe, cost, {
      parties: { customer: absorbedBy('root'), root: live('root') },
    });
    outcome.then(['CostToServeRecorded', { ...cost, partyId: 'root' }, ['root']]);
    expect(outcome.streamId).toBe('account-root');
  });

  it('takes 0 and refuses less', () => {
    given()
      .when(recordCostToServe, { ...cost, amountMinor: 0 })
      .thenAccepted();
    given()
      .when(recordCostToServe, { ...cost, amountMinor: -1 })
      .thenRefused('ValidationFailed', { path: '/amountMinor' });
  });

  it.each([
    ['one day', '2026-02-28', '2026-02-28', true],
    ['a day and the one before', '2026-02-28', '2026-02-27', false],
    ['one instant', '2026-02-28T10:00:00Z', '2026-02-28T10:00:00.000Z', true],
    ['an instant and 1 ms before', '2026-02-28T10:00:00.000Z', '2026-02-28T09:59:59.999Z', false],
    ['an instant and its day in the tenant’s time zone', '2026-02-27T23:00:00Z', '2026-02-28', true],
    ['an instant and the day before in the tenant’s time zone', '2026-02-27T23:00:00Z', '2026-02-27', false],
    ['an instant of the day before in the tenant’s time zone', '2026-02-27T22:59:59Z', '2026-02-27', true],
  ])('%s as a period', (_, periodFrom, periodTo, isPeriod) => {
    const outcome = given().when(recordCostToServe, { ...cost, periodFrom, periodTo }, inMadrid);
    if (isPeriod) outcome.thenAccepted();
    else outcome.thenRefused('InvalidInterval', { path: '/periodTo' });
  });

  it('refuses an unknown party', () => {
    given()
      .when(recordCostToServe, cost, { parties: { customer: { status: 'unknown' } } })
      .thenRefused('PartyNotFound');
  });
});

const wallet = { partyId: 'customer', category: 'phones', origin: 'survey' } as const;

describe('ReportWallet', () => {
  it('records spending, and no competitor when none is named', () => {
    const spend = { ...wallet, ownSpendMinor: 400, totalSpendMinor: 1_000 };
    given()
      .when(reportWallet, spend)
      .then(['WalletReported', { ...spend, competitorIds: [] }, ['customer']]);
  });

  it('records a rank among brands', () => {
    const rank = { ...wallet, rank: 2, brandsUsed: 3, competitorIds: ['rival'] };
    given()
      .when(reportWallet, rank)
      .then(['WalletReported', rank, ['customer']]);
  });

  it.each([
    ['all that is spent', { ownSpendMinor: 1_000, totalSpendMinor: 1_000 }],
    ['nothing of nothing', { ownSpendMinor: 0, totalSpendMinor: 0 }],
    ['the last rank', { rank: 3, brandsUsed: 3 }],
    ['spending with a rank that stands alone', { ownSpendMinor: 1, totalSpendMinor: 2, rank: 9 }],
  ])('accepts %s', (_, said) => {
    given()
      .when(reportWallet, { ...wallet, ...said })
      .thenAccepted();
  });

  it.each([
    ['more with us than in all', { ownSpendMinor: 1_001, totalSpendMinor: 1_000 }, 'WalletInconsistent'],
    ['a rank below the last', { rank: 4, brandsUsed: 3 }, 'RankOutOfRange'],
    [
      'a rank below the last beside spending',
      { ownSpendMinor: 1, totalSpendMinor: 2, rank: 4, brandsUsed: 3 },
      'RankOutOfRange',
    ],
    ['nothing', {}, 'WalletEmpty'],
    ['the spending with us alone', { ownSpendMinor: 1 }, 'WalletEmpty'],
    ['the whole spending alone', { totalSpendMinor: 1 }, 'WalletEmpty'],
    ['a rank without the brands', { rank: 1 }, 'WalletEmpty'],
    ['the brands without a rank', { brandsUsed: 3 }, 'WalletEmpty'],
    ['a negative amount', { ownSpendMinor: -1, totalSpendMinor: 2 }, 'ValidationFailed'],
    ['rank 0', { rank: 0, brandsUsed: 3 }, 'ValidationFailed'],
  ] as const)('refuses %s', (_, said, code) => {
    given()
      .when(reportWallet, { ...wallet, ...said })
      .thenRefused(code);
  });

  it('refuses an erased party', () => {
    given()
      .when(reportWallet, { ...wallet, rank: 1, brandsUsed: 1 }, { parties: { customer: { status: 'erased' } } })
      .thenRefused('PartyErased');
  });
});
