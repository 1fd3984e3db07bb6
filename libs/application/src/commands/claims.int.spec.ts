import { randomUUID } from 'node:crypto';
import { itemIdOf } from '@afecto/domain';
import * as E from 'fp-ts/Either';
import type { Afecto } from '../system/open';
import { cloudEvent, givenAfecto, type GivenAfecto, OPERATOR, right } from '../testing/given-afecto';

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

const registered = (partyId: string) =>
  cloudEvent('PartyRegistered', 0, partyId, {
    partyId,
    kind: 'person',
    displayName: `Name of ${partyId}`,
    source: 'test',
  });

const execute = async (name: string, body: object, commandId: string = randomUUID()) => {
  const outcome = await afecto.commands.execute({ name, body, commandId, actor: OPERATOR });
  if (E.isRight(outcome)) await afecto.projections.waitFor(outcome.right.position, 10_000);
  return outcome;
};

const complaintOf = (partyId: string, severity: number) =>
  cloudEvent('ComplaintReceived', 199.9, partyId, {
    complaintId: `c-${partyId}`,
    partyId,
    channel: 'phone',
    category: 'delivery',
    severity,
  });

describe('claims', () => {
  const claim = (agentId: string) =>
    afecto.claimNext({ queue: 'Q1', agentId, skills: [], actor: { kind: 'agent', id: agentId, roles: [] } });

  it('given open items, then agents who claim at once each get another one, the most urgent first', async () => {
    await given.accept(afecto, [complaintOf('p1', 2), complaintOf('p2', 4), complaintOf('p3', 3)]);
    const claims = await Promise.all(['ada', 'bea', 'cleo', 'dora'].map(claim));
    expect(claims.map((outcome) => right(outcome)?.partyId ?? null)).toEqual(['p2', 'p3', 'p1', null]);
  });

  it('given five items held, then the sixth is refused', async () => {
    await given.accept(
      afecto,
      ['p1', 'p2', 'p3', 'p4', 'p5', 'p6'].map((partyId) => complaintOf(partyId, 2)),
    );
    for (let held = 0; held < 5; held++) right(await claim('ada'));
    expect(await claim('ada')).toMatchObject(E.left({ code: 'WipLimit' }));
  });

  /*
   * A merge gives an item another id. Its stream was read under the new one alone, where nobody had claimed it:
   * the holder could neither end nor give back the work, and somebody else could claim it.
   */
  it('given a merge, then who held an item holds it under both of its ids, and after a separation as before', async () => {
    await given.accept(afecto, [
      registered('s'),
      ...['a', 'b', 'c', 'd'].flatMap((partyId) => [registered(partyId), complaintOf(partyId, 2)]),
    ]);
    const as = async (agentId: string, name: string, itemId: string, rest: object = {}) => {
      const outcome = await afecto.commands.execute({
        name,
        body: { itemId, agentId, ...rest },
        commandId: randomUUID(),
        actor: { kind: 'agent', id: agentId, roles: [] },
      });
      return E.isLeft(outcome) ? outcome.left.code : outcome.right.events.map(({ streamId }) => streamId);
    };
    const merge = async (absorbedId: string) =>
      right(await execute('MergeParties', { survivorId: 's', absorbedId, matchScore: 1, reason: 'same person' }));
    const idOf = (partyId: string, trigger = partyId) => itemIdOf('Q1', partyId, `c-${trigger}`);
    for (const partyId of ['a', 'b', 'c', 'd']) await as('ann', 'ClaimWorkItem', idOf(partyId));
    const apologised = { outcome: 'apologised' };
    expect(await as('ann', 'CompleteWorkItem', idOf('d'), apologised)).toEqual([`workitem-${idOf('d')}`]);
    for (const partyId of ['a', 'b', 'c', 'd']) await merge(partyId);

    const now = { a: idOf('s', 'a'), b: idOf('s', 'b'), c: idOf('s', 'c'), d: idOf('s', 'd') };
    expect(await as('ann', 'CompleteWorkItem', now.d, apologised)).toEqual([]);
    for (const itemId of [now.a, idOf('a')]) {
      expect(await as('bob', 'ClaimWorkItem', itemId)).toBe('AlreadyClaimed');
      expect(await as('bob', 'ReleaseWorkItem', itemId, { reason: 'busy' })).toBe('NotHolder');
      expect(await as('ann', 'ClaimWorkItem', itemId)).toEqual([]);
    }
    expect(await as('ann', 'CompleteWorkItem', now.a, apologised)).toEqual([`workitem-${now.a}`]);
    expect(await as('ann', 'CompleteWorkItem', idOf('a'), apologised)).toEqual([]);
    expect(await as('ann', 'ReleaseWorkItem', idOf('b'), { reason: 'busy' })).toEqual([`workitem-${now.b}`]);
    expect(await as('bob', 'ClaimWorkItem', idOf('b'))).toEqual([`workitem-${now.b}`]);
    expect(await as('ann', 'CompleteWorkItem', now.b, apologised)).toBe('NotHolder');

    right(await execute('SeparateParties', { survivorId: 's', separatedId: 'c', reason: 'a mistake' }));
    expect(await as('bob', 'ClaimWorkItem', idOf('c'))).toBe('AlreadyClaimed');
    expect(await as('ann', 'CompleteWorkItem', idOf('c'), apologised)).toEqual([`workitem-${idOf('c')}`]);
    expect(await as('ann', 'CompleteWorkItem', now.c, apologised)).toBe('WorkItemNotFound');
    const { items } = await afecto.answers.queue('Q1', { state: 'closed', limit: 10 });
    expect(items.map(({ itemId }) => itemId).sort()).toEqual([now.a, idOf('c'), now.d].sort());
  });

  it('given a lease that ends, then the item is free again', async () => {
    await given.accept(afecto, [complaintOf('p1', 2)]);
    const claimed = right(await claim('ada'));
    given.clock(200 + 29.99 / 1_440);
    expect(right(await claim('bea'))).toBeNull();
    given.clock(200 + 30.01 / 1_440);
    expect(right(await claim('bea'))?.itemId).toBe(claimed?.itemId);
  });
});

describe('claims with a key', () => {
  it('given the same Idempotency-Key, then the item claimed before is the answer', async () => {
    await given.accept(afecto, [complaintOf('p1', 2), complaintOf('p2', 2)]);
    const actor = { kind: 'agent', id: 'ada', roles: [] } as const;
    const call = { queue: 'all', agentId: 'ada', skills: [], actor, commandId: 'claim-1' } as const;
    const [first, second] = [right(await afecto.claimNext(call)), right(await afecto.claimNext(call))];
    expect(second?.itemId).toBe(first?.itemId);
    for (const other of [{ agentId: 'bea' }, { queue: 'Q2' }, { queue: 'Q1' }, { skills: ['supervisor'] }] as const)
      expect(await afecto.claimNext({ ...call, ...other })).toMatchObject(E.left({ code: 'IdempotencyConflict' }));
  });

  it('given a claim of a log that has what was chosen and not what was asked, then its key is known all the same', async () => {
    await given.accept(afecto, [complaintOf('p1', 2)]);
    const actor = { kind: 'agent', id: 'ada', roles: [] } as const;
    const [item] = (await afecto.answers.queue('Q1', { limit: 1 })).items;
    const body = { itemId: item?.itemId, agentId: 'ada', skills: [], slot: 'priority' };
    right(await afecto.commands.execute({ name: 'ClaimWorkItem', body, commandId: 'claim-1', actor }));
    const call = { queue: 'Q1', agentId: 'ada', skills: [], actor, commandId: 'claim-1' } as const;
    expect(right(await afecto.claimNext(call))).toMatchObject({ itemId: item?.itemId });
    expect(await afecto.claimNext({ ...call, queue: 'Q2' })).toMatchObject(E.left({ code: 'IdempotencyConflict' }));
  });

  /**
   * Facts of one instant are ordered by their ids, and ids of commands are random: with a clock that
   * stands still, a claim, its release and a second claim folded in any order.
   */
  it('given a clock that stands still, then commands still follow one another', async () => {
    await given.accept(afecto, [complaintOf('p1', 2)]);
    for (let round = 0; round < 5; round++) {
      const claimed = right(
        await afecto.claimNext({ queue: 'all', agentId: 'ada', skills: [], actor: OPERATOR, commandId: randomUUID() }),
      );
      right(await execute('ReleaseWorkItem', { itemId: claimed?.itemId, agentId: 'ada', reason: 'later' }));
    }
  });
});
