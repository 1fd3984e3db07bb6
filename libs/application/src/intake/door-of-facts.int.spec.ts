/**
 * The door of facts looked at shapes alone: a configuration that no command would put in force came in as a fact
 * and held every customer back (dead letters), and who erased, merged or reviewed was not asked. An erasure under
 * the id of another fact was refused only after the keys of its party were destroyed.
 */
import {
  type CommandActor,
  type Configuration,
  defaultConfiguration,
  eventIdOf,
  isFactType,
  type NewFact,
  toIso,
  toNewEvent,
} from '@afecto/domain';
import * as E from 'fp-ts/Either';
import { cloudEvent, type GivenAfecto, givenAfecto, onDay, OPERATOR, order, right } from '../testing/given-afecto';
import { type Afecto, openAfecto, openIntakeOnly } from '../system/open';

const document = (version: number, more: Partial<Configuration> = {}): Configuration => ({
  ...defaultConfiguration,
  version,
  ...more,
});
const activation = (version: number, more: Partial<Configuration> = {}, id = `v${version}`): object => {
  const { subject: _, ...event } = Object(
    cloudEvent(
      'ConfigurationActivated',
      1,
      '-',
      { version, effectiveFrom: toIso(onDay(1)), config: document(version, more) },
      id,
    ),
  ) as Record<string, unknown>;
  return event;
};
const review = (days: number, id?: string): object => {
  const data = {
    asOf: toIso(onDay(days)),
    baseSize: 0,
    rfmCuts: { r: null, f: null, m: null },
    tierCuts: { platinum: null, gold: null },
    heavyCut: null,
    medianIpiDays: null,
    segmentStats: [],
  };
  const { subject: _, ...event } = Object(cloudEvent('PortfolioReviewed', 5, '-', data, id)) as Record<string, unknown>;
  return event;
};
const erased = (partyId: string, id?: string): object =>
  cloudEvent('PersonalDataErased', 6, partyId, { partyId, keyIds: ['k1'], basis: 'request' }, id);
const registered = (partyId: string, id?: string): object =>
  cloudEvent(
    'PartyRegistered',
    0,
    partyId,
    { partyId, kind: 'person', displayName: `Name of ${partyId}`, source: 'crm' },
    id,
  );

/** Its due instants would be none: nothing that is told of an item could be written. */
const endless: Partial<Configuration> = {
  queues: { ...defaultConfiguration.queues, Q1: { ...defaultConfiguration.queues.Q1, detractorDueHours: 1e300 } },
};

const frontOffice: CommandActor = { kind: 'agent', id: 'desk', roles: ['front_office'] };

describe('the door of facts', () => {
  let given: GivenAfecto;
  let afecto: Afecto;
  beforeEach(async () => {
    given = givenAfecto(10);
    afecto = await given.open();
  });
  afterEach(async () => {
    await afecto.close();
    given.remove();
  });

  const version = async (): Promise<number> => {
    const { position } = right(await afecto.intake.accept([]));
    await afecto.projections.waitFor(position, 10_000);
    return afecto.projections.engine.world.regime.policies.at(-1)?.configuration.version ?? 0;
  };
  const nameOf = async (partyId: string): Promise<unknown> => {
    for await (const page of afecto.store.readStream(`party-${partyId}`))
      for (const { type, data } of page)
        if (type === 'PartyRegistered') return Reflect.get(Object(data), 'displayName');
    return null;
  };

  it('puts a configuration that no command would activate into quarantine with its reason, and what it held up goes on', async () => {
    const wrong = activation(1, endless);
    const result = right(await afecto.intake.accept([registered('p1'), wrong, order('o1', 2, 'p1')]));
    expect(result).toMatchObject({
      accepted: 2,
      rejected: [
        {
          index: 1,
          id: 'v1',
          code: 'ConfigInvalid',
          errors: [{ path: '/data/config/queues/Q1/detractorDueHours', message: 'must be 0..24000000; got 1e+300' }],
        },
      ],
    });
    const kept = afecto.quarantine.get(result.rejected[0]?.quarantineId ?? '');
    expect(kept).toMatchObject({ code: 'ConfigInvalid', event: wrong });
    expect(await version()).toBe(0);
  });

  it('puts a fact for a stream that was deleted for ever into quarantine, and takes the others', async () => {
    const tombstone = { id: eventIdOf('test', 'deletion'), type: '$streamDeleted', data: {}, metadata: {} };
    right(await afecto.store.append({ streamId: 'mine-1', expectedRevision: 'any', events: [tombstone] }));
    const facts = [{ ...registered('p1'), streamid: 'mine-1' }, registered('p2')];
    expect(right(await afecto.intake.accept(facts))).toMatchObject({
      accepted: 1,
      rejected: [{ index: 0, code: 'ValidationFailed', errors: [{ path: '/streamid' }] }],
    });
  });

  it('brings the facts of a call into the log in their order, also those about policy and erasures', async () => {
    const ofTheCall = [
      registered('p1', 'a'),
      activation(1),
      registered('p2', 'b'),
      erased('p1', 'c'),
      order('o1', 2, 'p2'),
    ];
    expect(right(await afecto.intake.accept(ofTheCall))).toMatchObject({ accepted: 5 });
    const types: string[] = [];
    for await (const page of afecto.store.readAll()) types.push(...page.map(({ type }) => type).filter(isFactType));
    expect(types).toEqual(ofTheCall.map((fact) => Reflect.get(fact, 'type')));
  });

  it('tells the position of the last fact of a call, whatever stands last in it', async () => {
    const { position: before } = right(await afecto.intake.accept([registered('p1', 'a')]));
    const { position } = right(await afecto.intake.accept([registered('p2', 'b'), registered('p1', 'a')]));
    expect(position).toBe((await afecto.store.findById(eventIdOf('test', 'b')))?.position);
    expect(position).toBeGreaterThan(before);
  });

  it('tells what it refuses in the order of the call, also where the log alone knew the reason', async () => {
    const facts = [registered('p1', 'a'), registered('p2', 'a'), { type: 'nothing' }];
    expect(right(await afecto.intake.accept(facts)).rejected).toMatchObject([
      { index: 1, code: 'IdempotencyConflict' },
      { index: 2, code: 'ValidationFailed' },
    ]);
  });

  it('keeps with a fact that is refused again why it was refused last, in one entry', async () => {
    const { rejected } = right(await afecto.intake.accept([order('o1', 20, 'p1')]));
    given.clock(15);
    const again = right((await afecto.intake.retry(rejected[0]?.quarantineId ?? '')) ?? E.left(null));
    expect(again.rejected[0]?.errors).not.toEqual(rejected[0]?.errors);
    expect(afecto.quarantine.list({ limit: 10 })).toMatchObject([{ errors: again.rejected[0]?.errors }]);
  });

  it('takes configurations in the order of their versions, in one call or in several, each once', async () => {
    expect(right(await afecto.intake.accept([activation(2), activation(1), activation(2, {}, 'again')]))).toMatchObject(
      {
        accepted: 2,
        rejected: [{ index: 0, code: 'ConfigInvalid', errors: [{ path: '/data/version' }] }],
      },
    );
    expect(right(await afecto.intake.accept([activation(1), activation(3)]))).toMatchObject({
      accepted: 1,
      duplicates: 1,
    });
    expect(right(await afecto.intake.accept([activation(1, endless)]))).toMatchObject({
      rejected: [{ code: 'IdempotencyConflict' }],
    });
    expect(await version()).toBe(3);
    const next = await afecto.commands.execute({
      name: 'ActivateConfiguration',
      body: { version: 4, effectiveFrom: toIso(onDay(10)), config: document(4) },
      commandId: 'fourth',
      actor: OPERATOR,
    });
    expect(E.isRight(next)).toBe(true);
  });

  it('of many that tell the next version at once one is taken', async () => {
    const results = await Promise.all(
      Array.from({ length: 6 }, (_, n) => afecto.intake.accept([activation(1, {}, `one of many ${n}`)])),
    );
    const accepted = results.map((result) => right(result).accepted);
    expect(accepted.reduce((sum, one) => sum + one, 0)).toBe(1);
  });

  it('takes no review ahead of the clock, nor one that is not later than the last: the next is made all the same', async () => {
    expect(right(await afecto.intake.accept([review(4), review(3_000), review(4)]))).toMatchObject({
      accepted: 1,
      rejected: [
        { index: 1, code: 'OccurredInFuture', errors: [{ path: '/data/asOf' }] },
        { index: 2, code: 'StaleReview', errors: [{ path: '/data/asOf' }] },
      ],
    });
    expect(E.isRight(await afecto.reviewPortfolio({ commandId: 'monthly', actor: OPERATOR }))).toBe(true);
  });

  it('makes a review of amounts whose sums no integer holds exactly', async () => {
    const huge = Array.from({ length: 3 }, (_, n) => order(`huge-${n}`, n + 1, 'rich', Number.MAX_SAFE_INTEGER));
    await given.accept(afecto, huge);
    const outcome = await afecto.reviewPortfolio({ commandId: 'monthly', actor: OPERATOR });
    expect(right(outcome).events).toMatchObject([{ type: 'PortfolioReviewed' }]);
  });

  it('leaves the keys of a party alone when its erasure comes under the id of another fact', async () => {
    await given.accept(afecto, [registered('p1', 'taken'), registered('p2', 'other')]);
    expect(right(await afecto.intake.accept([erased('p1', 'taken'), erased('p2', 'other')]))).toMatchObject({
      accepted: 0,
      rejected: [{ code: 'IdempotencyConflict' }, { code: 'IdempotencyConflict' }],
    });
    expect(await nameOf('p1')).toBe('Name of p1');
    expect(afecto.store.keys.pendingErasures()).toEqual([]);
    expect(right(await afecto.intake.accept([erased('p1', 'e1'), erased('p1', 'e1')]))).toMatchObject({
      accepted: 1,
      duplicates: 1,
    });
    expect(await nameOf('p1')).toEqual({ erased: true });
  });

  it('erases nobody under legal hold, nor who is the same customer, until the hold is lifted', async () => {
    const legalHolds = ['p2'];
    await given.accept(afecto, [
      registered('p1'),
      registered('p2'),
      cloudEvent('PartiesMerged', 2, 'p1', { survivorId: 'p1', absorbedId: 'p2', matchScore: 1, reason: 'same' }),
      activation(1, { privacy: { legalHolds } }),
    ]);
    const held = right(await afecto.intake.accept([erased('p1', 'e1')]));
    expect(held).toMatchObject({ accepted: 0, rejected: [{ code: 'LegalHold', errors: [{ path: '/data/partyId' }] }] });
    expect(await nameOf('p1')).toBe('Name of p1');
    right(await afecto.intake.accept([activation(2)]));
    expect(right((await afecto.intake.retry(held.rejected[0]?.quarantineId ?? '')) ?? E.left(null))).toMatchObject({
      accepted: 1,
    });
    expect(await nameOf('p1')).toEqual({ erased: true });
    // Told again under a later hold it destroys nothing: it is the duplicate that it is.
    const again = [activation(3, { privacy: { legalHolds } }), erased('p1', 'e1')];
    expect(right(await afecto.intake.accept(again))).toMatchObject({ accepted: 1, duplicates: 1, rejected: [] });
  });

  it('takes what needs a permission from nobody without it, and what is in the log already from everybody', async () => {
    await given.accept(afecto, [registered('p1'), erased('p1', 'told'), activation(1)]);
    const merged = cloudEvent('PartiesMerged', 2, 'p1', {
      survivorId: 'p1',
      absorbedId: 'p2',
      matchScore: 1,
      reason: 'x',
    });
    const squatted = { ...Object(registered('p3', 'expiry.identity.p3.1.2')), source: 'afecto' } as object;
    const facts = [registered('p2'), erased('p2'), merged, activation(2), review(4), squatted];
    const result = right(await afecto.intake.accept(facts, frontOffice));
    expect(result.accepted).toBe(1);
    expect(result.rejected.map(({ index, code, errors: [error] }) => [index, code, error?.path])).toEqual([
      [1, 'Forbidden', '/type'],
      [2, 'Forbidden', '/type'],
      [3, 'Forbidden', '/type'],
      [4, 'Forbidden', '/type'],
      [5, 'Forbidden', '/source'],
    ]);
    expect(right(await afecto.intake.accept([erased('p1', 'told'), activation(1)], frontOffice))).toMatchObject({
      duplicates: 2,
    });
    const quarantineId = result.rejected[1]?.quarantineId ?? '';
    const again = (sender: CommandActor) => afecto.intake.retry(quarantineId, sender);
    expect(right((await again(frontOffice)) ?? E.left(null))).toMatchObject({ rejected: [{ code: 'Forbidden' }] });
    expect(right((await again(OPERATOR)) ?? E.left(null))).toMatchObject({ accepted: 1 });
    expect(afecto.quarantine.get(quarantineId)).toBeNull();
  });

  it('folds a log from before with a document that no command would put in force, live and in a build', async () => {
    const old: NewFact = {
      eventId: eventIdOf('old', 'v1'),
      type: 'ConfigurationActivated',
      schemaVersion: 1,
      streamId: 'policy',
      occurredAt: onDay(1),
      source: 'old',
      id: 'v1',
      subjects: [],
      actor: { kind: 'integration', id: 'old' },
      data: { version: 1, effectiveFrom: toIso(onDay(1)), config: document(1, endless) },
    };
    right(await afecto.store.append({ streamId: 'policy', expectedRevision: 'any', events: [toNewEvent(old)] }));
    const detractor = { partyId: 'p1', instrument: 'nps', score: 0, scaleMin: 0, scaleMax: 10 };
    await given.accept(afecto, [
      registered('p1'),
      order('o1', 2, 'p1'),
      cloudEvent('SurveyAnswered', 3, 'p1', detractor),
    ]);
    expect(await afecto.readModels.deadLetters({ limit: 1 })).toEqual([]);
    const live = await afecto.answers.profile('p1');
    await afecto.close();
    const readModels = `${given.settings.readModels}.built-anew`;
    afecto = right(await openAfecto({ ...given.settings, readModels }));
    expect(await afecto.answers.profile('p1')).toEqual(live);
  });
});

describe('a quarantine that cannot be written', () => {
  it('refuses the call with its cause; what is good is in the log, and a duplicate when the call is sent again', async () => {
    const given = givenAfecto(10);
    const { intake, quarantine, close } = right(await openIntakeOnly(given.settings));
    const { put } = quarantine;
    Object.assign(quarantine, {
      put: () => {
        throw new Error('database or disk is full');
      },
    });
    const call = [registered('p1', 'good'), { nothing: true }];
    expect(await intake.accept(call)).toMatchObject({
      left: { code: 'StoreFailed', message: expect.stringMatching(/quarantine.*full/) as unknown },
    });
    Object.assign(quarantine, { put });
    expect(right(await intake.accept(call))).toMatchObject({ accepted: 0, duplicates: 1, rejected: [{ index: 1 }] });
    await close();
    given.remove();
  });
});

describe('an import', () => {
  it('refuses the same configurations and holds, without projections', async () => {
    const given = givenAfecto(10);
    const { intake, quarantine, close } = right(await openIntakeOnly(given.settings));
    const facts = [
      registered('p1'),
      activation(1, { privacy: { legalHolds: ['p1'] } }),
      erased('p1'),
      activation(2, endless),
    ];
    expect(right(await intake.accept(facts)).rejected).toMatchObject([
      { index: 2, code: 'LegalHold' },
      { index: 3, code: 'ConfigInvalid' },
    ]);
    expect(quarantine.count()).toBe(2);
    await close();
    given.remove();
  });
});
