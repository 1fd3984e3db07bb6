import { defaultConfiguration } from '@afecto/domain';
import { partyViews } from '@afecto/projections';
import * as E from 'fp-ts/Either';
import { cloudEvent, type GivenAfecto, givenAfecto, OPERATOR, order, right } from '../testing/given-afecto';
import type { Afecto } from '../system/open';

let given: GivenAfecto;
let afecto: Afecto;
beforeEach(async () => {
  given = givenAfecto(200);
  afecto = await given.open();
});
afterEach(async () => {
  await afecto.close();
  given.remove();
});

const MINUTE = 1 / 1_440;
let commands = 0;
const execute = (name: string, body: object) =>
  afecto.commands.execute({ name, body, commandId: `command-${(commands += 1)}`, actor: OPERATOR });

describe('work of a customer who knows an agent (domain.md §11.6)', () => {
  const contact = (days: number, partyId: string, agentId: string) =>
    cloudEvent('InteractionRecorded', days, partyId, {
      interactionId: `i-${partyId}-${days}`,
      partyId,
      direction: 'inbound',
      channel: 'phone',
      purpose: 'service',
      topicCode: 'delivery',
      startedAt: '2026-01-01T00:00:00Z',
      outcome: 'answered',
      agentId,
    });
  const complaint = (days: number, partyId: string, severity: number) =>
    cloudEvent('ComplaintReceived', days, partyId, {
      complaintId: `c-${partyId}`,
      partyId,
      channel: 'phone',
      category: 'delivery',
      severity,
    });
  const claim = async (agentId: string): Promise<string | null> =>
    right(
      await afecto.claimNext({ queue: 'all', agentId, skills: [], actor: { kind: 'agent', id: agentId, roles: [] } }),
    )?.partyId ?? null;

  // coverage: 143
  it('is claimed by that agent, though others ask first and it is the most urgent, and by anyone 15 minutes later', async () => {
    await given.accept(afecto, [
      ...['known', 'other'].flatMap((partyId) => [100, 110, 120].map((day) => contact(day, partyId, 'ada'))),
      complaint(200, 'known', 3),
      complaint(200, 'other', 3),
      complaint(200, 'stranger', 1),
    ]);
    expect(await claim('bea')).toBe('stranger');
    expect(await claim('bea')).toBeNull();
    const adas = await claim('ada');
    expect(['known', 'other']).toContain(adas);
    given.clock(200 + 14.99 * MINUTE);
    expect(await claim('bea')).toBeNull();
    given.clock(200 + 15 * MINUTE);
    expect(await claim('bea')).toBe(adas === 'known' ? 'other' : 'known');
  });
});

describe('points that orders earn (domain.md §8.2)', () => {
  // coverage: 92
  it('can be redeemed as if they had been granted, and no more than are left of them', async () => {
    const config = {
      ...defaultConfiguration,
      version: 1,
      pointsRules: [{ programId: 'club', pointsPerOrder: 0, minorPerPoint: 1_000 }],
    };
    right(await execute('ActivateConfiguration', { version: 1, effectiveFrom: '2026-01-01T00:00:00Z', config }));
    right(await execute('RegisterParty', { partyId: 'p1', kind: 'person', displayName: 'Ana', source: 'test' }));
    await given.accept(afecto, [
      cloudEvent('MembershipEnrolled', 10, 'p1', {
        membershipId: 'm1',
        partyId: 'p1',
        programId: 'club',
        type: 'continuous',
      }),
      order('o1', 20, 'p1', 50_000),
    ]);
    const redeem = (points: number) =>
      execute('GrantReward', {
        membershipId: 'm1',
        kind: 'points',
        benefit: 'value',
        reason: 'voucher',
        pointsDelta: -points,
      });
    expect(await redeem(51)).toMatchObject(E.left({ code: 'InsufficientPoints', details: { redeemable: 50 } }));
    right(await redeem(30));
    expect(await redeem(21)).toMatchObject(E.left({ details: { redeemable: 20 } }));
    const programme = partyViews.find(({ name }) => name === 'programme');
    const answer = programme === undefined ? null : await afecto.answers.view(programme, 'p1');
    expect(answer?.view).toMatchObject({
      points: { balance: 20, ledger: [{ kind: 'order', orderId: 'o1', pointsDelta: 50 }, { pointsDelta: -30 }] },
    });
  });
});
