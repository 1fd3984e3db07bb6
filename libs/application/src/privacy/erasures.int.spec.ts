import { copyFileSync, existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ERASED, isRecord } from '@afecto/domain';
import { findInFiles } from '@afecto/privacy';
import * as E from 'fp-ts/Either';
import { type Afecto, openAfecto } from '../system/open';
import { keyFilesOf } from '../system/settings';
import { prepareSuccessor } from '../system/successor';
import { cloudEvent, type GivenAfecto, givenAfecto, onDay, OPERATOR, order, right } from '../testing/given-afecto';

const NAME = 'Ana Pérez Quintanilla';
const OTHER_NAME = 'Anita P. Quintanilla';
const MAIL = 'ana.perez@example.org';
const PHONE = '+34 600 111 222';
const VERBATIM = 'The parcel stood in the rain for hours';
const COMPLAINT = 'My neighbour Luis had to sign for it';
const SECRETS = [NAME, OTHER_NAME, MAIL, PHONE, '+34600111222', VERBATIM, COMPLAINT];

let given: GivenAfecto;
let afecto: Afecto;
beforeEach(async () => {
  given = givenAfecto(40);
  afecto = await given.open();
});
afterEach(async () => {
  await afecto.close();
  given.remove();
});

const folder = () => dirname(given.settings.readModels);
const files = (): ReadonlyArray<string> => readdirSync(folder()).map((name) => join(folder(), name));
const found = () => findInFiles(files(), SECRETS);

const registered = (partyId: string, displayName: string) =>
  cloudEvent('PartyRegistered', 1, partyId, { partyId, kind: 'person', displayName, source: 'test' });
const identified = (partyId: string, scheme: string, value: string) =>
  cloudEvent('PartyIdentified', 2, partyId, {
    partyId,
    identifiers: [{ scheme, value, verified: true, preferred: true, valid: true }],
  });

const history = [
  registered('ana', NAME),
  registered('anita', OTHER_NAME),
  registered('bea', 'Bea Robles'),
  identified('ana', 'email', MAIL),
  identified('anita', 'phone', PHONE),
  identified('bea', 'email', 'bea@example.org'),
  cloudEvent('PartiesMerged', 3, 'ana', { survivorId: 'ana', absorbedId: 'anita', matchScore: 1, reason: 'same' }),
  order('o1', 4, 'ana'),
  order('o2', 9, 'bea'),
  cloudEvent('OrderFulfilled', 6, 'ana', { orderId: 'o1', deliveredAt: '2026-01-07T00:00:00.000Z', complete: true }),
  cloudEvent('SurveyAnswered', 7, 'ana', {
    surveyId: 's1',
    partyId: 'ana',
    instrument: 'nps',
    score: 9,
    scaleMin: 0,
    scaleMax: 10,
    verbatim: VERBATIM,
  }),
  cloudEvent('ComplaintReceived', 8, 'anita', {
    complaintId: 'c1',
    partyId: 'anita',
    channel: 'web',
    category: 'delivery',
    severity: 2,
    text: COMPLAINT,
  }),
  cloudEvent('ComplaintResolved', 9, 'anita', {
    complaintId: 'c1',
    decision: 'upheld',
    rootCause: 'carrier',
    immediate: false,
    resolvedAt: '2026-01-10T00:00:00.000Z',
  }),
];

const command = (name: string, body: object, commandId = `${name}-1`) =>
  afecto.commands.execute({ name, body, commandId, actor: OPERATOR });
const erase = (body: object = {}, commandId?: string) =>
  command('ErasePersonalData', { partyId: 'ana', evidenceRef: 'passport seen', basis: 'request', ...body }, commandId);

const finished = async (): Promise<void> => {
  while (afecto.store.keys.pendingErasures().length > 0) await new Promise((resolve) => setImmediate(resolve));
};
/** Of whom the log says that they are erased, in its order. */
const erasedInLog = async (): Promise<ReadonlyArray<unknown>> => {
  const parties: unknown[] = [];
  for await (const page of afecto.store.readAll({ types: ['PersonalDataErased'] }))
    for (const { data } of page) if (isRecord(data)) parties.push(data['partyId']);
  return parties;
};
const separation = async () => {
  const [merge] = (await afecto.answers.timeline('ana', { limit: 50, type: 'PartiesMerged' }))?.items ?? [];
  const mergedEventId = merge?.eventId ?? 'none';
  return cloudEvent('PartiesSeparated', 39, 'ana', {
    survivorId: 'ana',
    separatedId: 'anita',
    mergedEventId,
    reason: 'wrong',
  });
};

describe('a sealed log', () => {
  it('is not opened to be written when its keys are missing: others would be made beside them', async () => {
    await given.accept(afecto, history);
    await afecto.close();
    const { keyStore } = keyFilesOf(given.settings);
    renameSync(keyStore, `${keyStore}.elsewhere`);
    expect(await openAfecto(given.settings)).toMatchObject({ left: { code: 'KeyStoreMissing' } });
    renameSync(`${keyStore}.elsewhere`, keyStore);
    afecto = await given.open();
    expect(await afecto.answers.profile('ana')).toMatchObject({ identity: { displayName: NAME } });
  });
});

describe('a build', () => {
  it('lays facts aside as the log keeps them, sealed, and gives the same rows', async () => {
    await given.accept(afecto, history);
    const inClear = (): never => {
      throw new Error('a build must not ask for the log in clear');
    };
    const prepared = right(await prepareSuccessor({ ...afecto.store, readTexts: inClear }, afecto.settings));
    expect(prepared?.comparison).toMatchObject({ equal: true });
    expect(await afecto.answers.profile('ana')).toMatchObject({ identity: { displayName: NAME } });
  });
});

describe('an erasure', () => {
  it('takes refused facts along in which what they say is wrapped as text, and keeps nothing of those that come later', async () => {
    await given.accept(afecto, history);
    const data = JSON.stringify({ partyId: 'anita', kind: 'person', displayName: OTHER_NAME, source: 'test' });
    // Nothing but the wrapped text tells whom it is about.
    const { subject: _, ...wrapped } = { ...Object(registered('anita', OTHER_NAME)), data };
    await afecto.intake.accept([wrapped]);
    expect(afecto.quarantine.count()).toBe(1);
    right(await erase());
    expect(afecto.quarantine.count()).toBe(0);
    const late = right(
      await afecto.intake.accept([
        { ...registered('anita', OTHER_NAME), id: 'late', time: 'never' },
        { ...registered('anita', OTHER_NAME), id: 'of-no-known-type', type: 'PartyPainted' },
        { ...wrapped, id: 'wrapped' },
      ]),
    );
    expect(late.rejected).toMatchObject(
      ['late', 'of-no-known-type', 'wrapped'].map((id) => ({ id, code: 'ValidationFailed' })),
    );
    const kept = afecto.quarantine.list({ limit: 9 }).map(({ event }) => Reflect.get(Object(event), 'data'));
    expect(kept).toEqual([ERASED, ERASED, ERASED]);
    expect(await found()).toEqual([]);
  });

  // Whoever looked into texts that are JSON called itself for each level: a few thousand were an error of the call.
  it('looks into texts that are JSON however deep they are nested, and they stop neither facts nor erasures', async () => {
    const deep = (inner: string, levels = 100_000) => `${'['.repeat(levels)}${inner}${']'.repeat(levels)}`;
    const told = (note: string) => cloudEvent('NoSuchType', 3, 'x', { note });
    await given.accept(afecto, history);
    expect(
      right(await afecto.intake.accept([told(deep('"ana"')), told(deep('1')), order('o3', 9, 'bea')])),
    ).toMatchObject({
      accepted: 1,
      rejected: [{ index: 0 }, { index: 1 }],
    });
    right(await erase());
    expect(afecto.store.keys.pendingErasures()).toEqual([]);
    expect(afecto.quarantine.count()).toBe(1);
    right(await afecto.intake.accept([told(deep('"ana"'))]));
    expect(
      afecto.quarantine.list({ limit: 9 }).filter(({ event }) => Reflect.get(Object(event), 'data') !== ERASED),
    ).toHaveLength(2);
    expect(afecto.quarantine.list({ limit: 9 })).toContainEqual(
      expect.objectContaining({ event: expect.objectContaining({ data: ERASED }) as unknown }),
    );
  });

  it('of somebody while a fact about them is being refused leaves nothing of what it says', async () => {
    await given.accept(afecto, history);
    const appendMany = afecto.store.appendMany;
    const refused = cloudEvent('NoSuchType', 3, 'ana', { partyId: 'ana', note: VERBATIM });
    // The facts of the same call are still on their way to the disk.
    Object.assign(afecto.store, {
      appendMany: async (...args: Parameters<typeof appendMany>) => {
        const appended = await appendMany(...args);
        if (afecto.store.keys.isErased('ana')) return appended;
        right(await erase());
        return appended;
      },
    });
    expect(right(await afecto.intake.accept([refused, order('o3', 9, 'bea')]))).toMatchObject({ accepted: 1 });
    expect(afecto.quarantine.list({ limit: 9 })).toMatchObject([{ event: { data: ERASED } }]);
    expect(await found()).toEqual([]);
  });

  it('takes what is personal out of refused facts of others, and leaves them the rest', async () => {
    await given.accept(afecto, history);
    const data = {
      partyId: 'bea',
      notes: [`Ask ${NAME.toUpperCase()}!`, 'Anapérez'],
      wrapped: JSON.stringify({ phone: PHONE }),
      rest: 3,
    };
    right(await afecto.intake.accept([cloudEvent('NoSuchType', 3, `for ${MAIL}`, data, 'r1')]));
    right(await erase());
    expect(afecto.quarantine.list({ limit: 9 })).toMatchObject([
      {
        event: {
          id: 'r1',
          subject: ERASED,
          data: { partyId: 'bea', notes: [ERASED, 'Anapérez'], wrapped: ERASED, rest: 3 },
        },
      },
    ]);
    expect(await found()).toEqual([]);
  });

  // coverage: 57
  it('leaves nothing personal in any file, changes no number of others, and rebuilds to the same', async () => {
    await given.accept(afecto, history);
    await afecto.intake.accept([{ ...registered('anita', OTHER_NAME), time: 'never' }]);
    expect(afecto.quarantine.count()).toBe(1);
    expect((await found()).length).toBeGreaterThan(0);
    const before = await afecto.answers.profile('bea', { asOf: onDay(40) });

    const outcome = right(await erase());
    expect(outcome.events.map(({ type, streamId }) => [type, streamId])).toEqual([
      ['PersonalDataErased', 'party-ana'],
      ['PersonalDataErased', 'party-ana'],
    ]);
    expect(afecto.store.keys.pendingErasures()).toEqual([]);
    expect(await found()).toEqual([]);
    expect(await afecto.answers.profile('ana')).toMatchObject({
      erased: true,
      identity: { displayName: null, identifiers: [] },
    });
    expect(await afecto.answers.byIdentifier('email', MAIL)).toEqual([]);
    expect(afecto.quarantine.count()).toBe(0);
    const timeline = await afecto.answers.timeline('ana', { limit: 50 });
    expect(timeline?.items.find(({ type }) => type === 'SurveyAnswered')?.data).toMatchObject({
      score: 9,
      verbatim: ERASED,
    });
    expect(await afecto.answers.profile('bea', { asOf: onDay(40) })).toEqual(before);

    const prepared = right(await prepareSuccessor(afecto.store, afecto.settings));
    expect(prepared?.comparison).toMatchObject({ equal: true });
    expect(await found()).toEqual([]);
    expect(await afecto.answers.byIdentifier('email', 'bea@example.org')).toEqual(['bea']);
  });

  it('is answered again as it was, and refused under another key', async () => {
    await given.accept(afecto, history);
    const first = right(await erase());
    expect(right(await erase())).toEqual(first);
    expect(await erase({}, 'another')).toMatchObject({ left: { code: 'PartyErased' } });
  });

  it('fulfils the request for it', async () => {
    await given.accept(afecto, history);
    right(await command('ReceiveDataSubjectRequest', { partyId: 'ana', kind: 'erasure', dsrId: 'dsr-1' }));
    const outcome = right(
      await afecto.commands.execute({
        name: 'ErasePersonalData',
        body: { partyId: 'anita', evidenceRef: 'passport' },
        commandId: 'by-request',
        actor: OPERATOR,
      }),
    );
    expect(outcome.events.map(({ type }) => type)).toEqual([
      'DataSubjectRequestFulfilled',
      'PersonalDataErased',
      'PersonalDataErased',
    ]);
    const [, erased] = outcome.events;
    expect((await afecto.store.findById(erased?.eventId ?? ''))?.data).toMatchObject({
      partyId: 'ana',
      dsrId: 'dsr-1',
      basis: 'erasure_request',
      keyIds: [expect.any(String), expect.any(String)],
    });
  });

  it.each([
    ['nobody has verified who asks', { evidenceRef: ' ' }, 'EvidenceRequired'],
    ['there is neither request nor ground', { basis: ' ' }, 'ValidationFailed'],
    ['the request is unknown', { dsrId: 'none' }, 'DataSubjectRequestNotFound'],
    ['nobody is known by that id', { partyId: 'nobody' }, 'PartyNotFound'],
  ])('is refused when %s, and nothing is destroyed', async (_, body, code) => {
    await given.accept(afecto, history);
    expect(await erase(body)).toMatchObject({ left: { code } });
    expect(await afecto.answers.profile('ana')).toMatchObject({ erased: false, identity: { displayName: NAME } });
    expect(afecto.store.keys.erasedKeys()).toEqual([]);
  });

  it('waits for open obligations, unless both sides let go of them', async () => {
    await given.accept(afecto, [...history, order('o3', 20, 'ana')]);
    expect(await erase()).toMatchObject({
      left: { code: 'OpenObligations', details: { obligations: [{ kind: 'order', id: 'o3' }] } },
    });
    expect(E.isRight(await erase({ waived: ['o3'] }))).toBe(true);
  });

  it('that another system tells of destroys the keys too, and of everything merged into the party', async () => {
    await given.accept(afecto, history);
    await given.accept(afecto, [
      cloudEvent('PersonalDataErased', 30, 'ana', { partyId: 'ana', keyIds: ['elsewhere'], basis: 'request' }),
    ]);
    await finished();
    expect(await found()).toEqual([]);
    expect(afecto.store.keys.ringOf('anita')?.keys.size).toBe(0);
  });

  /**
   * The keys of whoever was merged in went without a word in the log: separated, that party was shown as living,
   * and whatever was said of it from then on was taken and thrown away.
   */
  it('that another system tells of is told of every member, so that one separated later is erased', async () => {
    await given.accept(afecto, history);
    const told = cloudEvent('PersonalDataErased', 30, 'ana', { partyId: 'ana', keyIds: ['k'], basis: 'request' });
    await given.accept(afecto, [told]);
    await finished();
    expect(await erasedInLog()).toEqual(['ana', 'anita']);
    await given.accept(afecto, [told, await separation()]);
    await finished();
    expect(await erasedInLog()).toEqual(['ana', 'anita']);
    expect(await afecto.answers.profile('anita')).toMatchObject({ erased: true });
    const said = { partyId: 'anita', kind: 'need', key: 'k', value: 'v', origin: 'stated', horizon: 'current' };
    expect(await command('RecordPreference', said)).toMatchObject({ left: { code: 'PartyErased' } });
  });

  /** Merged by a fact with somebody erased, the living could neither be erased nor separated, and stayed readable. */
  it('of one party leaves another living that is merged with it afterwards, which can be separated and erased', async () => {
    const merge = (survivorId: string, absorbedId: string) =>
      cloudEvent('PartiesMerged', 31, survivorId, { survivorId, absorbedId, matchScore: 1, reason: 'same' });
    await given.accept(afecto, [
      registered('ana', NAME),
      registered('bea', 'Bea Robles'),
      registered('cleo', 'Cleo Paz'),
    ]);
    right(await erase());
    await given.accept(afecto, [merge('bea', 'ana'), merge('ana', 'cleo')]);
    expect(await afecto.answers.profile('bea')).toMatchObject({
      erased: false,
      identity: { displayName: 'Bea Robles' },
    });
    right(await command('SeparateParties', { survivorId: 'bea', separatedId: 'ana', reason: 'wrong' }));
    await afecto.projections.waitFor(await afecto.store.head(), 10_000);
    expect(await afecto.answers.profile('ana')).toMatchObject({ erased: true });
    const outcome = right(await erase({ partyId: 'cleo' }, 'of-cleo'));
    expect(outcome.events.map(({ streamId }) => streamId)).toEqual(['party-ana']);
    expect(await erasedInLog()).toEqual(['ana', 'cleo']);
    expect(afecto.store.keys.ringOf('cleo')?.keys.size).toBe(0);
    expect(afecto.store.keys.ringOf('bea')?.keys.size).toBe(2);
    expect(await erase({ partyId: 'cleo' }, 'again')).toMatchObject({ left: { code: 'PartyErased' } });
    expect(right(await prepareSuccessor(afecto.store, afecto.settings))?.comparison).toMatchObject({ equal: true });
  });

  /**
   * An older program destroyed the keys of the whole customer and told of the party that was named: by its log the
   * root lived, and what was said of it was taken and thrown away.
   */
  it('of which an older log tells by one party alone is told at the next start of whoever lost the keys with it', async () => {
    await given.accept(afecto, [registered('ana', NAME), registered('anita', OTHER_NAME), registered('bea', 'Bea')]);
    right(await erase({ partyId: 'anita' }));
    const survivorId = 'ana';
    await given.accept(afecto, [
      cloudEvent('PartiesMerged', 31, 'ana', { survivorId, absorbedId: 'anita', matchScore: 1, reason: 'same' }),
      cloudEvent('PartiesMerged', 32, 'ana', { survivorId, absorbedId: 'bea', matchScore: 1, reason: 'same' }),
    ]);
    afecto.store.keys.erase(['ana']);
    expect(await afecto.answers.profile('ana')).toMatchObject({ erased: false });
    const said = { partyId: 'ana', kind: 'need', key: 'k', value: 'v', origin: 'stated', horizon: 'current' };
    for (const commandId of ['first start', 'second start']) {
      await afecto.close();
      afecto = await given.open();
      while ((await erasedInLog()).length < 2) await new Promise((resolve) => setImmediate(resolve));
      await finished();
      expect(await command('RecordPreference', said, commandId)).toMatchObject({ left: { code: 'PartyErased' } });
    }
    expect(await afecto.answers.profile('ana')).toMatchObject({ erased: true, identity: { displayName: null } });
    right(await command('SeparateParties', { survivorId, separatedId: 'bea', reason: 'wrong' }));
    right(await erase({ partyId: 'bea' }, 'waits for what a start completes'));
    expect(await erasedInLog()).toEqual(['anita', 'ana', 'bea']);
    expect(right(await prepareSuccessor(afecto.store, afecto.settings))?.comparison).toMatchObject({ equal: true });
  });

  it('of free text that another system tells of is told of every member once', async () => {
    await given.accept(afecto, history);
    await given.accept(afecto, [
      cloudEvent('PersonalDataErased', 30, 'anita', {
        partyId: 'anita',
        keyIds: ['k'],
        basis: 'request',
        classes: ['content'],
      }),
    ]);
    await finished();
    expect((await erasedInLog()).toSorted()).toEqual(['ana', 'anita']);
    expect(await findInFiles(files(), [VERBATIM, COMPLAINT])).toEqual([]);
    expect(await afecto.answers.profile('ana')).toMatchObject({ erased: false, identity: { displayName: NAME } });
  });

  it('stays when the key store is restored from a copy, and when the parties are separated', async () => {
    await given.accept(afecto, history);
    const { keyStore } = keyFilesOf(given.settings);
    await afecto.close();
    copyFileSync(keyStore, `${keyStore}.copy`);
    afecto = await given.open();
    right(await erase());
    await afecto.close();
    copyFileSync(`${keyStore}.copy`, keyStore);
    for (const suffix of ['-wal', '-shm']) if (existsSync(keyStore + suffix)) rmSync(keyStore + suffix);
    rmSync(given.settings.readModels);
    afecto = await given.open();
    expect(await afecto.answers.profile('ana')).toMatchObject({ erased: true, identity: { displayName: null } });
    expect(await found()).toEqual([]);
    await given.accept(afecto, [await separation()]);
    expect(await afecto.answers.profile('anita')).toMatchObject({ erased: true, identity: { displayName: null } });
  });
});
