import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { defaultConfiguration, toIso } from '@afecto/domain';
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
