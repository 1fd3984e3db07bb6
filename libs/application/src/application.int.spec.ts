import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { defaultConfiguration, itemIdOf, toIso } from '@afecto/domain';
import { placedFact } from '@afecto/projections';
import * as E from 'fp-ts/Either';
import type { Afecto } from './system/open';
import {
  cloudEvent,
  factsIn,
  givenAfecto,
  type GivenAfecto,
  onDay,
  OPERATOR,
  order,
  right,
} from './testing/given-afecto';

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

describe('contacts', () => {
  const consent = { partyId: 'p1', purpose: 'marketing', channel: 'all' };
  const contact = (day: number) =>
    execute('RecordInteraction', {
      partyId: 'p1',
      channel: 'email',
      direction: 'outbound',
      purpose: 'campaign',
      topicCode: 'offer',
      outcome: 'answered',
      startedAt: toIso(onDay(day)),
    });

  it('given a consent, then it permits what took place while it was given, and nothing before or after', async () => {
    await given.accept(afecto, [
      cloudEvent('ConsentGranted', 100.5, 'p1', {
        ...consent,
        lawfulBasis: 'consent',
        policyVersion: 'v1',
        evidenceRef: 'form',
      }),
      cloudEvent('ConsentWithdrawn', 150.5, 'p1', { ...consent, via: 'web' }),
    ]);
    const outcomes = [await contact(90.5), await contact(140.5), await contact(160.5)];
    const noConsent = E.left({ code: 'ContactNotPermitted', details: { reason: 'no_consent' } });
    expect(outcomes).toMatchObject([noConsent, { _tag: 'Right' }, noConsent]);
  });
});

describe('facts in', () => {
  it('given a fact sent twice, then it is one fact, also after a restart', async () => {
    const fact = order('o1', 10, 'p1');
    await given.accept(afecto, [fact]);
    await afecto.close();
    afecto = await given.open();
    expect(right(await afecto.intake.accept([fact, fact]))).toMatchObject({ accepted: 0, duplicates: 2, position: 1n });
    expect((await afecto.answers.profile('p1'))?.facts).toBe(1);
  });

  it('given the same id with another body, then it is refused by name and kept in quarantine', async () => {
    await given.accept(afecto, [cloudEvent('WordOfMouthObserved', 1, 'p1', wordOfMouth(0.5), 'same')]);
    const { rejected } = right(
      await afecto.intake.accept([cloudEvent('WordOfMouthObserved', 1, 'p1', wordOfMouth(-0.5), 'same')]),
    );
    expect(rejected).toMatchObject([{ index: 0, id: 'same', code: 'IdempotencyConflict' }]);
    expect(afecto.quarantine.count()).toBe(1);
  });

  it('given a fact dated ahead, then it waits in quarantine until its time has come', async () => {
    const { rejected } = right(await afecto.intake.accept([order('o1', 201, 'p1')]));
    expect(rejected).toMatchObject([{ code: 'OccurredInFuture', errors: [{ path: '/time' }] }]);
    given.clock(201);
    const retried = await afecto.intake.retry(rejected[0]?.quarantineId ?? '');
    expect(retried).toMatchObject(E.right({ accepted: 1 }));
    expect(afecto.quarantine.count()).toBe(0);
  });
});

const wordOfMouth = (polarity: number) => ({
  partyId: 'p1',
  polarity,
  reach: 'public',
  platform: 'forum',
  verified: true,
});

describe('commands', () => {
  it('given the same command id and body, then the same events answer and nothing is appended', async () => {
    const body = { partyId: 'p1', kind: 'person', displayName: 'Ada', source: 'ui' };
    const first = right(await execute('RegisterParty', body, 'command-1'));
    const second = right(await execute('RegisterParty', body, 'command-1'));
    expect(second.events).toEqual(first.events);
    expect(await factsIn(afecto.store)).toBe(1);
  });

  it('given the same command id with another body, then it is an IdempotencyConflict', async () => {
    await execute('RegisterParty', { partyId: 'p1', kind: 'person', displayName: 'Ada', source: 'ui' }, 'command-1');
    const other = { partyId: 'p1', kind: 'person', displayName: 'Eve', source: 'ui' };
    expect(await execute('RegisterParty', other, 'command-1')).toMatchObject(E.left({ code: 'IdempotencyConflict' }));
  });

  /* When it happened was taken out of the body before the body was hashed: what happened at another time was a repeat. */
  it('given the same command id with another occurredAt, or none, then it is an IdempotencyConflict', async () => {
    const body = { partyId: 'p1', kind: 'person', displayName: 'Ada', source: 'ui' };
    const call = { name: 'RegisterParty', body, actor: OPERATOR };
    const at = { ...call, commandId: 'dated', occurredAt: onDay(100) };
    const first = right(await afecto.commands.execute(at));
    expect(right(await afecto.commands.execute(at)).events).toEqual(first.events);
    for (const other of [
      { ...at, occurredAt: onDay(101) },
      { ...call, commandId: 'dated' },
    ])
      expect(await afecto.commands.execute(other)).toMatchObject(E.left({ code: 'IdempotencyConflict' }));
  });

  it('given an expected revision that the stream does not have, then nothing is decided', async () => {
    await given.accept(afecto, [registered('p1')]);
    const outcome = await afecto.commands.execute({
      name: 'ReceiveComplaint',
      body: { complaintId: 'c1', partyId: 'p1', channel: 'phone', category: 'delivery', severity: 2 },
      commandId: 'command-1',
      actor: OPERATOR,
      expectedRevision: 4,
    });
    expect(outcome).toMatchObject(E.left({ code: 'ConcurrencyConflict' }));
  });

  it('given two commands at once on one stream, then one is decided after the other', async () => {
    await given.accept(afecto, [registered('p1')]);
    await execute('ReceiveComplaint', {
      complaintId: 'c1',
      partyId: 'p1',
      channel: 'phone',
      category: 'x',
      severity: 2,
    });
    const resolve = { complaintId: 'c1', decision: 'upheld', rootCause: 'courier', immediate: true };
    const outcomes = await Promise.all([execute('ResolveComplaint', resolve), execute('ResolveComplaint', resolve)]);
    expect(outcomes.filter(E.isRight)).toHaveLength(1);
  });
});

describe('a merge', () => {
  const facts = (partyId: string, from: number) =>
    [0, 30, 60].map((day, index) => order(`${partyId}-${index}`, from + day, partyId));

  it('given merge then separation, then all decisions are those of a history without them', async () => {
    await given.accept(afecto, [registered('p1'), registered('p2'), ...facts('p1', 1), ...facts('p2', 20)]);
    const decisions = async () => {
      const lines: string[] = [];
      for await (const line of afecto.readModels.dump('decisions')) lines.push(line);
      return lines;
    };
    const before = await decisions();
    right(await execute('MergeParties', { survivorId: 'p1', absorbedId: 'p2', matchScore: 1, reason: 'same person' }));
    expect(await afecto.answers.profile('p2')).toMatchObject({ partyId: 'p1', members: ['p1', 'p2'], facts: 8 });
    expect(await afecto.readModels.customer('p2')).toBeNull();
    right(await execute('SeparateParties', { survivorId: 'p1', separatedId: 'p2', reason: 'a mistake' }));
    expect(await decisions()).toEqual(before);
  });
});

describe('claims', () => {
  const complaintOf = (partyId: string, severity: number) =>
    cloudEvent('ComplaintReceived', 199.9, partyId, {
      complaintId: `c-${partyId}`,
      partyId,
      channel: 'phone',
      category: 'delivery',
      severity,
    });
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
  const complaint = (partyId: string) =>
    cloudEvent('ComplaintReceived', 199.9, partyId, {
      complaintId: `c-${partyId}`,
      partyId,
      channel: 'phone',
      category: 'delivery',
      severity: 2,
    });

  it('given the same Idempotency-Key, then the item claimed before is the answer', async () => {
    await given.accept(afecto, [complaint('p1'), complaint('p2')]);
    const actor = { kind: 'agent', id: 'ada', roles: [] } as const;
    const call = { queue: 'all', agentId: 'ada', skills: [], actor, commandId: 'claim-1' } as const;
    const [first, second] = [right(await afecto.claimNext(call)), right(await afecto.claimNext(call))];
    expect(second?.itemId).toBe(first?.itemId);
    for (const other of [{ agentId: 'bea' }, { queue: 'Q2' }, { queue: 'Q1' }, { skills: ['supervisor'] }] as const)
      expect(await afecto.claimNext({ ...call, ...other })).toMatchObject(E.left({ code: 'IdempotencyConflict' }));
  });

  it('given a claim of a log that has what was chosen and not what was asked, then its key is known all the same', async () => {
    await given.accept(afecto, [complaint('p1')]);
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
    await given.accept(afecto, [
      cloudEvent('ComplaintReceived', 199.9, 'p1', {
        complaintId: 'c1',
        partyId: 'p1',
        channel: 'phone',
        category: 'delivery',
        severity: 2,
      }),
    ]);
    for (let round = 0; round < 5; round++) {
      const claimed = right(
        await afecto.claimNext({ queue: 'all', agentId: 'ada', skills: [], actor: OPERATOR, commandId: randomUUID() }),
      );
      right(await execute('ReleaseWorkItem', { itemId: claimed?.itemId, agentId: 'ada', reason: 'later' }));
    }
  });
});

describe('answers about the past', () => {
  it('given what was told late, then asOf sees it and knownAt does not', async () => {
    await given.accept(afecto, [registered('p1'), order('o1', 10, 'p1')]);
    given.clock(250);
    await given.accept(afecto, [order('o2', 20, 'p1')]);
    const days = async (when: object) => (await afecto.answers.profile('p1', when))?.value.orderDays;
    expect(await days({})).toBe(2);
    expect(await days({ asOf: onDay(15) })).toBe(1);
    expect(await days({ asOf: onDay(100) })).toBe(2);
    expect(await days({ asOf: onDay(100), knownAt: onDay(201) })).toBe(1);
  });

  it('given an instant before a party was known, then it has no timeline, as it has no profile', async () => {
    await given.accept(afecto, [order('o1', 10, 'p1')]);
    const timeline = async (when: object) => (await afecto.answers.timeline('p1', { limit: 5, ...when }))?.items.length;
    expect([await timeline({ asOf: onDay(9) }), await timeline({ knownAt: onDay(199) })]).toEqual([
      undefined,
      undefined,
    ]);
    expect([await timeline({ asOf: onDay(10) }), await timeline({ type: 'SurveyAnswered' })]).toEqual([1, 0]);
  });

  it('given time alone, then the zone falls at the day boundary at which the rhythm is broken', async () => {
    await given.accept(
      afecto,
      [0, 30, 60, 90, 120].map((day) => order(`o${day}`, day, 'p1')),
    );
    const history = await afecto.answers.zoneHistory('p1');
    expect(history?.map(({ zone }) => zone)).toEqual(['indifference', 'defection']);
    expect(history?.[1]?.from).toBe('2026-07-05T00:00:00.000Z');
    expect(await afecto.answers.zones(['zone'], { asOf: onDay(150) })).toEqual([
      { group: { zone: 'indifference' }, count: 1, share: 1 },
    ]);
  });
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

describe('the read models', () => {
  it('given another log under the same name, then they are built anew from it', async () => {
    await given.accept(afecto, [order('o1', 10, 'p1')]);
    await afecto.close();
    for (const suffix of ['', '-wal', '-shm'])
      rmSync(`${given.settings.eventStore.replace('sqlite:', '')}${suffix}`, { force: true });
    afecto = await given.open();
    await given.accept(afecto, [order('o2', 10, 'p2')]);
    expect(await afecto.answers.profile('p1')).toBeNull();
    expect((await afecto.answers.profile('p2'))?.facts).toBe(1);
  });
});

describe('commands about parties that are merged', () => {
  const merged = (survivorId: string, absorbedId: string) =>
    cloudEvent('PartiesMerged', 1, survivorId, { survivorId, absorbedId, matchScore: 1, reason: 'same' });

  /** The hold of a party was looked for under the one id that the command named, and the others of it were free. */
  it('heed the legal hold of everybody who is the same customer', async () => {
    const privacy = { legalHolds: ['p2'] };
    await given.accept(afecto, [
      ...['p1', 'p2', 'p4', 'p6'].map(registered),
      merged('p1', 'p2'),
      merged('p1', 'p6'),
      cloudEvent('ConfigurationActivated', 2, 'all', {
        version: 1,
        effectiveFrom: toIso(onDay(2)),
        config: { ...defaultConfiguration, version: 1, privacy },
      }),
    ]);
    for (const [name, body] of [
      ['MergeParties', { survivorId: 'p2', absorbedId: 'p4', reason: 'same' }],
      ['MergeParties', { survivorId: 'p4', absorbedId: 'p1', reason: 'same' }],
      ['SeparateParties', { survivorId: 'p1', separatedId: 'p6', reason: 'wrong' }],
    ] as const)
      expect(await execute(name, body)).toMatchObject({ left: { code: 'LegalHold' } });
  });

  /** A party without a merge of its own that went under another root with its customer was taken for a root. */
  it('go to the root, also of a party whose customer was merged by another name', async () => {
    await given.accept(afecto, [...['a', 'b', 'c'].map(registered), merged('a', 'b'), merged('c', 'b')]);
    const said = { partyId: 'a', kind: 'need', key: 'diet', value: 'vegan', origin: 'stated', horizon: 'current' };
    expect(right(await execute('RecordPreference', said)).events).toMatchObject([{ streamId: 'party-c' }]);
    right(await execute('SeparateParties', { survivorId: 'c', separatedId: 'a', reason: 'wrong' }));
    expect(await afecto.answers.profile('b')).toMatchObject({ partyId: 'a' });
    expect(await afecto.answers.profile('c')).toMatchObject({ partyId: 'c' });
  });
});
