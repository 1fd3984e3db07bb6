import { givenCustomers, isoDaysAgo, ordered, said } from '../tally/given-customers';
import { environmentFigures } from './figures';

const wallet = (partyId: string, ago: number, ownSpendMinor: number | undefined, ...competitorIds: string[]) =>
  said('WalletReported', ago, {
    partyId,
    category: 'books',
    ...(ownSpendMinor === undefined ? { rank: 9, brandsUsed: 2 } : { ownSpendMinor, totalSpendMinor: 1_000 }),
    competitorIds,
    origin: 'survey',
  });
const leaves = (partyId: string, ago: number, competitorId?: string) =>
  said('DefectionNoticeReceived', ago, {
    partyId,
    effectiveAt: isoDaysAgo(ago),
    reasonCodes: ['competition'],
    channel: 'phone',
    ...(competitorId === undefined ? {} : { competitorId }),
  });
const found = (partyId: string, ago: number, competitorId: string) =>
  said('DefectionDiagnosed', ago, { partyId, reasonCodes: ['competition'], controllable: true, competitorId });

const history = [
  ordered('p1', 200, 'o1'),
  wallet('p1', 100, 600, 'rival', 'other'),
  wallet('p2', 90, 200, 'rival'),
  wallet('p3', 80, undefined, 'rival'),
  wallet('p4', 70, 1_000),
  wallet('p5', 500, 0, 'rival'),
  leaves('p1', 20, 'rival'),
  leaves('p2', 20, 'rival'),
  leaves('p3', 20, 'third'),
  leaves('p4', 20),
  found('p1', 10, 'rival'),
];

/**
 * The competitors of `WalletReported` and `DefectionDiagnosed` were in no projection, and of notices only their number
 * was told: `domain.md §11.7` asks for the share of each competitor.
 */
describe('the external environment (PR20, domain.md §11.7)', () => {
  it('tells the share of each competitor in wallets, notices and losses of the window, and ours beside it', async () => {
    const { figures } = await givenCustomers(history);
    expect(await figures(environmentFigures)).toEqual({
      wallets: 4,
      ourMeanShareOfWallet: 0.6,
      noticesToCompetitors: 3,
      diagnosedForCompetitors: 1,
      competitors: [
        {
          competitorId: 'rival',
          mentions: 6,
          wallets: 3,
          walletShare: 3 / 4,
          ourMeanShareOfWallet: 0.4,
          notices: 2,
          noticeShare: 2 / 3,
          diagnoses: 1,
          diagnosisShare: 1,
        },
        expect.objectContaining({ competitorId: 'other', wallets: 1, ourMeanShareOfWallet: 0.6, noticeShare: 0 }),
        expect.objectContaining({ competitorId: 'third', wallets: 0, ourMeanShareOfWallet: null, noticeShare: 1 / 3 }),
      ],
    });
  });

  it('leaves out what staff and competitors say, and has no shares of nothing', async () => {
    const role = said('PartyRoleAssigned', 300, { partyId: 'p2', role: 'employee', validFrom: isoDaysAgo(300) });
    const { figures } = await givenCustomers([role, wallet('p2', 90, 200, 'rival'), leaves('p2', 20, 'rival')]);
    expect(await figures(environmentFigures)).toEqual({
      wallets: 0,
      ourMeanShareOfWallet: null,
      noticesToCompetitors: 0,
      diagnosedForCompetitors: 0,
      competitors: [],
    });
  });
});
