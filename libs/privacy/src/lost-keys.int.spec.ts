import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ERASED } from '@afecto/domain';
import { type AppendRequest, type EventStore, openSqliteEventStore } from '@afecto/event-store';
import fc from 'fast-check';
import { KeyStore } from './key-store';
import { settleKeys } from './lost-keys';
import { sealed } from './sealed-store';
import { AT, factOf, type GivenSealed, givenSealed, registered, right } from './testing/given-sealed';

/*
 * Keys of new parties do not wait for the disk: when the power fails, the log may have what was sealed under
 * keys that the key store does not. A power cut is played with copies: the log as it is now, the key store as
 * it was at some moment since its last wait for the disk.
 */
let given: GivenSealed;
const folders: string[] = [];
beforeEach(() => {
  given = givenSealed();
});
afterEach(async () => {
  await given.remove();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'afecto-lost-'));
  folders.push(folder);
  return folder;
};

const copyInto = (folder: string, file: string): void => {
  for (const each of [file, `${file}-wal`, `${file}.erased`])
    if (existsSync(each)) copyFileSync(each, join(folder, basename(each)));
};

/** The key store as it lies there now; to be restored beside a later log. */
const keysNow = (): string => {
  const folder = newFolder();
  copyInto(folder, given.files.keyStore);
  copyInto(folder, given.files.masterKey);
  return folder;
};

const opened = async (folder: string, log = given.log) => {
  const file = join(folder, basename(log));
  if (!existsSync(file)) copyInto(folder, log);
  const kept = right(openSqliteEventStore({ file, clock: () => AT }));
  const files = {
    keyStore: join(folder, basename(given.files.keyStore)),
    masterKey: join(folder, basename(given.files.masterKey)),
  };
  return { kept, files, open: (): KeyStore => right(KeyStore.open(files, () => AT)) };
};

/** What comes up again when the power does: keys as they were then, the log as it is now. */
const afterPowerCut = async (folder: string) => {
  const { kept, files, open } = await opened(folder);
  const keys = open();
  await settleKeys(kept, keys);
  return { store: sealed(kept, keys), keys, files };
};

const namesIn = async (store: Pick<EventStore, 'readAll'>): Promise<ReadonlyArray<unknown>> => {
  const names: unknown[] = [];
  for await (const page of store.readAll({ types: ['PartyRegistered'] }))
    names.push(...page.map(({ data }) => Object(data)['displayName'] as unknown));
  return names;
};

const register = async (...parties: ReadonlyArray<string>): Promise<void> => {
  for (const outcome of await given.store().appendMany(parties.map((id) => registered(id, `Name of ${id}`))))
    right(outcome);
};

/** The key store as it lay there when these came, whose keys follow from the seed that `ben` was given. */
const keysBefore = async (...parties: ReadonlyArray<string>): Promise<string> => {
  await register('ana');
  await register('ben');
  const folder = keysNow();
  await register(...parties);
  return folder;
};
const namesOf = (parties: ReadonlyArray<string>): ReadonlyArray<string> => parties.map((id) => `Name of ${id}`);
const erasureOf = (partyId: string): AppendRequest =>
  factOf('PersonalDataErased', { partyId, keyIds: ['k'], basis: 'request' }, `erased-${partyId}`);
const rowsOf = (keys: KeyStore): unknown =>
  keys.database.prepare('SELECT party_id, class, kid FROM key_ring ORDER BY party_id, class').all();

describe('keys that were lost with the power', () => {
  it('are found again, once and for all', async () => {
    const keys = await keysBefore('cleo', 'dan');
    const all = rowsOf(given.store().keys);

    const first = await afterPowerCut(keys);
    expect(await namesIn(first.store)).toEqual(namesOf(['ana', 'ben', 'cleo', 'dan']));
    expect(first.keys.seeds()).toEqual([]);
    // That of text was never used, and is made again with the next fact that needs it.
    expect(all).toEqual(expect.arrayContaining(Object(rowsOf(first.keys))));
    expect(first.keys.ringOf('dan')?.keys.get('identity')?.kid).toBeDefined();
    await first.store.close();
  });

  it('open what they sealed for somebody who only reads, before anybody has looked for them', async () => {
    const folder = await keysBefore('cleo');
    const { kept, files } = await opened(folder);
    const reader = right(KeyStore.openReadOnly(files));
    if (reader === null) throw new Error('no key store');
    expect(reader.ringOf('cleo')).toBeNull();
    expect(await namesIn(sealed(kept, reader))).toEqual(namesOf(['ana', 'ben', 'cleo']));
    reader.close();
    await kept.close();
  });

  it('are used for what comes next, and destroyed by an erasure', async () => {
    const keys = await keysBefore('cleo');
    const { store, keys: found } = await afterPowerCut(keys);
    const kid = found.ringOf('cleo')?.keys.get('identity')?.kid;
    right(
      await store.append(
        factOf(
          'PartyIdentified',
          { partyId: 'cleo', identifier: { type: 'email', value: 'c@example.org' }, confidence: 1 } as never,
          'i',
        ),
      ),
    );
    expect(found.ringOf('cleo')?.keys.get('identity')?.kid).toBe(kid);
    right(await store.append(erasureOf('cleo')));
    expect(found.erasedKeys().map((key) => key.kid)).toContain(kid);
    expect(await namesIn(store)).toEqual([...namesOf(['ana', 'ben']), ERASED]);
    await store.close();
  });

  it('of somebody erased meanwhile, as the list beside the key store says, are buried', async () => {
    const folder = await keysBefore('cleo');
    right(await given.store().append(erasureOf('cleo')));
    // An older copy of the key store is put back, with the newest list.
    copyFileSync(`${given.files.keyStore}.erased`, join(folder, `${basename(given.files.keyStore)}.erased`));
    const { store, keys } = await afterPowerCut(folder);
    expect(keys.ringOf('cleo')?.keys.size ?? 0).toBe(0);
    expect(await namesIn(store)).toEqual([...namesOf(['ana', 'ben']), ERASED]);
    await store.close();
  });

  // The seed was taken away although the key had not found its place: its text was lost for ever.
  it('open what they sealed also when their party has another key by now', async () => {
    const folder = await keysBefore('cleo');
    const { kept, open } = await opened(folder);
    const keys = open();
    keys.make(['cleo']);
    await settleKeys(kept, keys);
    expect(await namesIn(sealed(kept, keys))).toEqual(namesOf(['ana', 'ben', 'cleo']));
    keys.close();
    await kept.close();
  });

  it('are found with the master key that was rotated before anybody looked', async () => {
    const folder = await keysBefore('cleo');
    const { kept, open } = await opened(folder);
    const keys = open();
    keys.rotateMasterKey();
    await settleKeys(kept, keys);
    expect(await namesIn(sealed(kept, keys))).toEqual(namesOf(['ana', 'ben', 'cleo']));
    keys.close();
    await kept.close();
  });
});

describe('a seed', () => {
  const seedsIn = (keys: KeyStore): number =>
    Number(keys.database.prepare('SELECT count(*) AS n FROM seed').get()?.['n']);

  it('is there before the first key that follows from it is used, and goes when the store is closed', async () => {
    await register('ana');
    expect(seedsIn(given.store().keys)).toBe(0);
    await register('ben');
    expect(seedsIn(given.store().keys)).toBe(1);
    await register('cleo');
    const { keys } = await given.reopen();
    expect(seedsIn(keys)).toBe(0);
    expect(await namesIn(given.store())).toEqual(namesOf(['ana', 'ben', 'cleo']));
  });

  it('goes with every erasure: a key that follows from it can be made again as long as it is there', async () => {
    await register('ana');
    await register('ben');
    await register('cleo');
    right(await given.store().append(erasureOf('cleo')));
    expect(seedsIn(given.store().keys)).toBe(0);
    await register('dan');
    expect(await namesIn(given.store())).toEqual([...namesOf(['ana', 'ben']), ERASED, 'Name of dan']);
  });

  it('goes after so many events, so that few are looked at after a power cut', async () => {
    await register('ana');
    await register('ben');
    expect(seedsIn(given.store().keys)).toBe(1);
    const enquiries = Array.from({ length: 20_000 }, (_, index) =>
      factOf(
        'EnquiryReceived',
        { enquiryId: `e${index}`, partyId: 'ana', channel: 'web', productLine: 'books' },
        `e${index}`,
      ),
    );
    await given.store().appendMany(enquiries);
    expect(seedsIn(given.store().keys)).toBe(0);
  });

  it('of another log stays for that one', async () => {
    const folder = await keysBefore('cleo');
    const other = givenSealed();
    for (const party of ['eve', 'flo', 'gil']) right(await other.store().append(registered(party, party)));
    await other.store().close();
    const { kept } = await opened(newFolder(), other.log);
    const keys = right(
      KeyStore.open(
        {
          keyStore: join(folder, basename(given.files.keyStore)),
          masterKey: join(folder, basename(given.files.masterKey)),
        },
        () => AT,
      ),
    );
    await settleKeys(kept, keys);
    expect(keys.seeds()).toHaveLength(1);
    keys.close();
    await kept.close();
    await other.remove();
    const { store } = await afterPowerCut(folder);
    expect(await namesIn(store)).toEqual(namesOf(['ana', 'ben', 'cleo']));
    await store.close();
  });

  it('that another process has taken away is replaced: nothing is sealed under a key that could be lost', async () => {
    await register('ana');
    await register('ben');
    const beside = right(KeyStore.open(given.files, () => AT));
    await settleKeys(given.store().kept, beside);
    expect(seedsIn(beside)).toBe(0);
    await register('cleo');
    expect(seedsIn(given.store().keys)).toBe(1);
    // The keys of who came first afterwards are on the disk with the new seed.
    expect(rowsOf(beside)).toEqual(rowsOf(given.store().keys));
    const since = keysNow();
    await register('dan');
    const { store } = await afterPowerCut(since);
    expect(await namesIn(store)).toEqual(namesOf(['ana', 'ben', 'cleo', 'dan']));
    await store.close();
    beside.close();
  });

  it('is unknown to a key store of an older program, which is read and then made ready for it', async () => {
    await register('ana');
    given.store().keys.database.exec('DROP TABLE seed; PRAGMA user_version = 1');
    const reader = right(KeyStore.openReadOnly(given.files));
    expect(reader?.seeds()).toEqual([]);
    reader?.close();
    await given.reopen();
    await register('ben');
    expect(seedsIn(given.store().keys)).toBe(1);
    expect(await namesIn(given.store())).toEqual(namesOf(['ana', 'ben']));
  });
});

describe('whenever the power fails', () => {
  const steps = fc.array(
    fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({ kind: fc.constant('register' as const), count: fc.integer({ min: 1, max: 4 }) }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('erase' as const), which: fc.nat(20) }) },
    ),
    { minLength: 1, maxLength: 12 },
  );

  it('every name that is not erased is read again, and no other', async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.nat(20), async (said, back) => {
        given = givenSealed();
        const expected = new Map<string, unknown>();
        /** Copies of the key store since its last wait for the disk: any of them may be what is left. */
        let left: string[] = [];
        let seed = '';
        try {
          for (const step of said) {
            const parties = [...expected.keys()];
            if (step.kind === 'register') {
              const fresh = Array.from({ length: step.count }, (_, index) => `p${parties.length + index}`);
              await register(...fresh);
              for (const party of fresh) expected.set(party, `Name of ${party}`);
            } else if (parties.length > 0) {
              const party = parties[step.which % parties.length] ?? '';
              right(await given.store().append(erasureOf(party)));
              expected.set(party, ERASED);
            }
            const now = given.store().keys.seeds()[0]?.id ?? 'none';
            if (now !== seed || now === 'none') left = [];
            seed = now;
            left.push(keysNow());
          }
          const { store } = await afterPowerCut(left[back % left.length] ?? '');
          expect(await namesIn(store)).toEqual([...expected.values()]);
          await store.close();
        } finally {
          await given.remove();
          for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
        }
      }),
      { numRuns: 25 },
    );
    given = givenSealed();
  });
});
