import { toIso } from '@afecto/domain';
import { placedFact } from '@afecto/projections';
import * as E from 'fp-ts/Either';
import type { Afecto } from '../system/open';
import { cloudEvent, givenAfecto, type GivenAfecto, onDay, OPERATOR, order, right } from '../testing/given-afecto';

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

describe('the portfolio review', () => {
  it('given the same key, then the review of before is the answer, whatever has happened since', async () => {
    await given.accept(afecto, [order('o1', 10, 'p1')]);
    const call = { commandId: 'review-1', actor: OPERATOR };
    const first = right(await afecto.reviewPortfolio(call));
    given.clock(250);
    await given.accept(afecto, [order('o2', 20, 'p1'), order('o3', 240, 'p2')]);
    expect(right(await afecto.reviewPortfolio(call))).toEqual(first);
    expect(await afecto.reviewPortfolio({ ...call, asOf: onDay(100) })).toMatchObject(
      E.left({ code: 'IdempotencyConflict' }),
    );
  });

  it('given a review of a log that has what was composed and not what was asked, then its key is known all the same', async () => {
    await given.accept(afecto, [order('o1', 10, 'p1')]);
    const { events } = right(await afecto.reviewPortfolio({ actor: OPERATOR, asOf: onDay(100), commandId: 'other' }));
    const composed = (await afecto.store.findById(events[0]?.eventId ?? ''))?.data;
    const call = { actor: OPERATOR, asOf: onDay(101) };
    const body = { ...Object(composed), asOf: toIso(call.asOf) };
    const older = { name: 'ReviewPortfolio', body, commandId: 'review-1', actor: OPERATOR };
    const first = right(await afecto.commands.execute(older));
    expect(right(await afecto.reviewPortfolio({ ...call, commandId: 'review-1' }))).toEqual(first);
    expect(await afecto.reviewPortfolio({ ...call, commandId: 'review-1', asOf: onDay(99) })).toMatchObject(
      E.left({ code: 'IdempotencyConflict' }),
    );
  });

  it('given an expected revision or an instant, then it heeds them as every command does', async () => {
    await given.accept(afecto, [order('o1', 10, 'p1')]);
    const call = { commandId: 'review-1', actor: OPERATOR, expectedRevision: 4 };
    expect(await afecto.reviewPortfolio(call)).toMatchObject(E.left({ code: 'ConcurrencyConflict' }));
    const { events } = right(
      await afecto.reviewPortfolio({ commandId: 'review-2', actor: OPERATOR, occurredAt: onDay(150) }),
    );
    const event = await afecto.store.findById(events[0]?.eventId ?? '');
    expect(event).toMatchObject({ metadata: { occurredAt: toIso(onDay(150)) }, data: { asOf: toIso(onDay(150)) } });
  });

  // coverage: 84
  it('given a review, then tiers and RFM are frozen for every customer until the next one', async () => {
    const facts = Array.from({ length: 30 }, (_, index) =>
      order(`o${index}`, 190, `p${String(index).padStart(2, '0')}`, (index + 1) * 1_000),
    );
    await given.accept(afecto, facts);
    const { position } = right(await afecto.reviewPortfolio({ commandId: 'review-1', actor: OPERATOR }));
    await afecto.projections.waitFor(position, 10_000);
    const tiers = await afecto.answers.zones(['tier']);
    expect(tiers.map(({ group, count }) => [group.tier, count])).toEqual([
      ['gold', 4],
      ['iron', 24],
      ['platinum', 2],
    ]);
    expect((await afecto.answers.profile('p29'))?.value).toMatchObject({ tier: 'platinum', rfm: { r: 5, f: 1, m: 5 } });
  });

  it('given enough who bought again, then both models are in it and P(alive) is known of them alone', async () => {
    // Numbers 0 ≤ x < 1 without a pattern that the models could take for a clockwork.
    const share = (index: number, n: number) => (index * 0.618_034 + n * 0.754_878 + index * n * 0.259_921) % 1;
    const facts = Array.from({ length: 160 }, (_, index) => {
      const partyId = `p${String(index).padStart(3, '0')}`;
      const party = cloudEvent('PartyRegistered', 20, partyId, {
        partyId,
        kind: 'person',
        displayName: partyId,
        source: 'test',
      });
      const gap = 5 + 25 * share(index, 1) ** 2;
      const worth = 1_000 + 9_000 * share(index, 2) ** 2;
      const orders = [order(`${partyId}-0`, 20, partyId, Math.round(worth))];
      for (let day = 20, n = 3; index % 5 !== 0 && n < 30; n += 2) {
        day += 1 + Math.round(-Math.log(1 - share(index, n)) * gap);
        if (day >= 199) break;
        orders.push(order(`${partyId}-${n}`, day, partyId, Math.round(worth * (0.5 + share(n, index)))));
        if (share(index, n + 1) < 0.3) break;
      }
      return [party, ...orders];
    });
    await given.accept(afecto, facts.flat());
    const { position } = right(await afecto.reviewPortfolio({ commandId: 'review-1', actor: OPERATOR }));
    expect((await afecto.store.eventsAt([position])).map(placedFact)).toMatchObject([
      {
        fact: {
          type: 'PortfolioReviewed',
          data: { bgnbd: { n: 160, LL: expect.any(Number) }, gammaGamma: { n: 128, LL: expect.any(Number) } },
        },
      },
    ]);
    await afecto.projections.waitFor(position, 10_000);
    expect((await afecto.answers.profile('p000'))?.value.pAlive).toBeNull();
    const pAlive = (await afecto.answers.profile('p001'))?.value.pAlive ?? NaN;
    expect([pAlive > 0, pAlive < 0.9]).toEqual([true, true]);
    const { expectedOrders, lifetimeValueMinor } = (await afecto.answers.profile('p001'))?.value ?? {};
    expect([Number(expectedOrders) > 0, Number(lifetimeValueMinor) > 0]).toEqual([true, true]);
  });
});
