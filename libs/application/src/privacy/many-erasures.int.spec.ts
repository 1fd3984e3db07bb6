import { eventIdOf, toNewEvent } from '@afecto/domain';
import { type Projections, startProjections } from '@afecto/projections';
import type { ReadModels } from '@afecto/read-models';
import { openQuarantine, type Quarantine } from '../intake/quarantine';
import { openLiveReadModels } from '../system/open-read-models';
import { openStore } from '../system/open-store';
import { type GivenAfecto, givenAfecto, onDay, right } from '../testing/given-afecto';
import { lyingAround, registered } from '../testing/given-retention';
import { type Erasures, startErasures } from './erasures';

/*
 * An expiry of many customers wrote the whole file of the read models anew after every thousand of them, and
 * folded each thousand in one step, during which projections stood still.
 */
const PARTIES = Array.from({ length: 110 }, (_, index) => `party-${index}`);
const nameOf = (partyId: string): string => `Somebody called ${partyId} of old`;

let given: GivenAfecto;
let store: Awaited<ReturnType<typeof opened>>;
let readModels: ReadModels;
let quarantine: Quarantine;
let projections: Projections;
let erasures: Erasures | null;
/** What was done about copies, in order. */
let done: unknown[];

const opened = async () => right(await openStore(given.settings));
const begun = (followed: ReadModels): Erasures =>
  startErasures({ store, readModels: followed, projections, quarantine, settings: given.settings });

beforeEach(async () => {
  given = givenAfecto(40);
  const afecto = await given.open();
  await given.accept(
    afecto,
    PARTIES.map((partyId) => registered(partyId, nameOf(partyId))),
  );
  await afecto.close();
  store = await opened();
  readModels = right(await openLiveReadModels(given.settings.readModels, store));
  quarantine = right(openQuarantine(given.settings.quarantine));
  projections = await startProjections(store, readModels, { now: given.settings.now });
  done = [];
  erasures = null;
  const { engine } = projections;
  const forget = engine.forgetPersonalData.bind(engine);
  engine.forgetPersonalData = (partyIds, contentOnly) => {
    done.push(`forget ${partyIds.length}`);
    // Asked for while rows are forgotten, as a fact that has come asks to be projected.
    void engine.exclusively(async () => done.push('others'));
    return forget(partyIds, contentOnly);
  };
});
afterEach(async () => {
  await erasures?.stop();
  const stopped = projections.stop();
  await store.close();
  await stopped;
  await readModels.close();
  quarantine.close();
  given.remove();
});

const watched = (): ReadModels => ({
  ...readModels,
  shred: (thorough) => {
    done.push(thorough ? 'all written anew' : 'cleared');
    return readModels.shred(thorough);
  },
});
/** One append that tells of all of them. */
const erase = async (partyIds: ReadonlyArray<string>): Promise<void> => {
  const events = partyIds.map((partyId) =>
    toNewEvent({
      eventId: eventIdOf('test', `erased-${partyId}`),
      type: 'PersonalDataErased',
      schemaVersion: 1,
      streamId: 'party-many',
      occurredAt: onDay(40),
      source: 'test',
      id: `erased-${partyId}`,
      subjects: [partyId],
      actor: { kind: 'system', id: 'retention' },
      data: { partyId, keyIds: ['k'], basis: 'retention_period' },
    }),
  );
  right(await store.append({ streamId: 'party-many', expectedRevision: 'any', events }));
};
const namesOf = async (...partyIds: ReadonlyArray<string>): Promise<ReadonlyArray<unknown>> =>
  Promise.all(partyIds.map(async (partyId) => (await readModels.customer(partyId))?.displayName));

describe('many erasures', () => {
  it('are forgotten by short steps with turns for others, and files are written anew once, at the end', async () => {
    erasures = begun(watched());
    await erasures.finishTogether(async (step) => {
      expect(await step(() => erase(PARTIES.slice(0, 105)).then(() => 'first'))).toBe('first');
      expect(done).toEqual(['forget 100', 'others', 'forget 5', 'others']);
      expect(await namesOf('party-0', 'party-104', 'party-109')).toEqual([null, null, nameOf('party-109')]);
      expect(store.keys.pendingErasures()).toHaveLength(1);
      await step(() => erase(PARTIES.slice(105)));
      expect(store.keys.pendingErasures()).toHaveLength(2);
    });
    expect(done).toEqual(['forget 100', 'others', 'forget 5', 'others', 'forget 5', 'others', 'all written anew']);
    expect(store.keys.pendingErasures()).toEqual([]);
    expect(await lyingAround(given, ['party-0', 'party-104', 'party-109'].map(nameOf))).toEqual([]);
  });

  it('that somebody else begins in between are finished at once, with what there is', async () => {
    erasures = begun(watched());
    const { finish, finishTogether } = erasures;
    await finishTogether(async (step) => {
      await step(() => erase(PARTIES.slice(0, 3)));
      await erase(PARTIES.slice(3, 4));
      await finish();
      expect(store.keys.pendingErasures()).toEqual([]);
      expect(done.filter((each) => each !== 'others')).toEqual(['forget 3', 'forget 1', 'all written anew']);
    });
    expect(done.at(-1)).toBe('all written anew');
  });

  it('are gone on with when the run fails, and by the next start when it never ended', async () => {
    erasures = begun({ ...readModels, shred: () => Promise.reject(new Error('the disk is full')) });
    const { finishTogether, stop } = erasures;
    const failing = finishTogether(async (step) => {
      await step(() => erase(PARTIES.slice(0, 3)));
      throw new Error('the log does not answer');
    });
    await expect(failing).rejects.toThrow('the log does not answer');
    await expect(erasures.finish()).rejects.toThrow('the disk is full');
    expect(store.keys.pendingErasures()).toHaveLength(1);
    await stop();
    erasures = begun(watched());
    await erasures.finish();
    expect(done.filter((each) => each !== 'others')).toEqual(['forget 3', 'forget 3', 'all written anew']);
    expect(store.keys.pendingErasures()).toEqual([]);
    expect(await lyingAround(given, ['party-0', 'party-2', 'party-3'].map(nameOf))).toEqual([nameOf('party-3')]);
  });
});
