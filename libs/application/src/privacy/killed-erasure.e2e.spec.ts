import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { erasedListFile, findInFiles } from '@afecto/privacy';
import { keyFilesOf } from '../system/settings';
import { cloudEvent, type GivenAfecto, givenAfecto, onDay, OPERATOR, right } from '../testing/given-afecto';
import { killedAt } from '../testing/killed-erasure';

const DAY = 40;
const SECRETS = ['Ana Pérez Quintanilla', 'Anita Q. Perez', 'ana.perez@example.org'];

const registered = (partyId: string, displayName: string) =>
  cloudEvent('PartyRegistered', 1, partyId, { partyId, kind: 'person', displayName, source: 'test' });
const history = () => [
  registered('ana', 'Ana Pérez Quintanilla'),
  registered('anita', 'Anita Q. Perez'),
  cloudEvent('PartiesMerged', 3, 'ana', { survivorId: 'ana', absorbedId: 'anita', matchScore: 1, reason: 'same' }),
  cloudEvent('PartyIdentified', 4, 'ana', {
    partyId: 'ana',
    identifiers: [{ scheme: 'email', value: 'ana.perez@example.org', verified: true, preferred: true, valid: true }],
  }),
];

const found = ({ settings }: GivenAfecto) => {
  const folder = dirname(settings.readModels);
  return findInFiles(
    readdirSync(folder).map((name) => join(folder, name)),
    SECRETS,
  );
};

describe('an erasure that is killed', () => {
  let given: GivenAfecto;
  beforeEach(async () => {
    given = givenAfecto(DAY);
    const afecto = await given.open();
    await given.accept(afecto, history());
    await afecto.close();
  });
  afterEach(() => given.remove());

  it('before its keys are destroyed has done nothing', async () => {
    await killedAt(given, onDay(DAY), 'erase', 'before');
    const afecto = await given.open();
    expect(await afecto.answers.profile('ana')).toMatchObject({
      erased: false,
      identity: { displayName: 'Ana Pérez Quintanilla' },
    });
    expect(afecto.store.keys.erasedKeys()).toEqual([]);
    await afecto.close();
  });

  it.each([
    ['when the keys are destroyed and the event is not there', 'erase', 'after'],
    ['when the event is there and the copies are', 'forgetPersonalData', 'before'],
    ['when the customer is folded and the files are not cleared', 'forgetPersonalData', 'after'],
    ['when the files are cleared and nobody has noted it', 'finish', 'before'],
    ['when it is over', 'finish', 'after'],
  ])('%s is gone on with by the next start, and told once', async (_, step, moment) => {
    await killedAt(given, onDay(DAY), step, moment);
    given.clock(DAY + 1);
    const afecto = await given.open();
    try {
      while (afecto.store.keys.pendingErasures().length > 0) await pause(5);
      expect(await found(given)).toEqual([]);
      const told: unknown[] = [];
      for await (const page of afecto.store.readAll({ types: ['PersonalDataErased'] }))
        told.push(...page.map(({ data }) => Object(data)['partyId'] as unknown));
      expect(told).toEqual(['ana', 'anita']);
      const again = await afecto.commands.execute({
        name: 'ErasePersonalData',
        body: { partyId: 'ana', evidenceRef: 'passport', basis: 'request' },
        commandId: 'erase-ana',
        actor: OPERATOR,
      });
      expect(right(again).events).toHaveLength(2);
      expect(await afecto.answers.profile('ana')).toMatchObject({ erased: true, identity: { displayName: null } });
    } finally {
      await afecto.close();
    }
  });

  it('before the list of erased keys was exported writes the list at the next start', async () => {
    await killedAt(given, onDay(DAY), 'finish', 'after');
    const { keyStore } = keyFilesOf(given.settings);
    writeFileSync(erasedListFile(keyStore), '{"partyId":"an');
    await (await given.open()).close();
    const listed = readFileSync(erasedListFile(keyStore), 'utf8');
    for (const partyId of ['ana', 'anita'])
      for (const keyClass of ['identity', 'content'])
        expect(listed).toContain(`"partyId":"${partyId}","class":"${keyClass}"`);
  });
});
