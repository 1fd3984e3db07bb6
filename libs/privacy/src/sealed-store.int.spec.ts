import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { ERASED, isSealed } from '@afecto/domain';
import { type AppendRequest, openSqliteEventStore, type StoredEvent } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { KeyStore } from './key-store';
import { sealed } from './sealed-store';
import { factOf, type GivenSealed, givenSealed, registered, right } from './testing/given-sealed';

let given: GivenSealed;
beforeEach(() => {
  given = givenSealed();
});
afterEach(() => given.remove());

const append = async (...requests: ReadonlyArray<AppendRequest>) =>
  (await given.store().appendMany(requests)).map(right);

const erasure = (partyId: string): AppendRequest =>
  factOf('PersonalDataErased', { partyId, keyIds: ['k'], basis: 'request' }, `erased-${partyId}`);

const dataIn = async (pages: AsyncIterable<ReadonlyArray<StoredEvent>>): Promise<ReadonlyArray<unknown>> => {
  const all: unknown[] = [];
  for await (const page of pages) all.push(...page.map(({ data }) => data));
  return all;
};

/** What another process does as soon as the first transaction of this action is over. */
const afterCommit = <A>(others: () => void, action: () => A): A => {
  const exec = Object.getOwnPropertyDescriptor(DatabaseSync.prototype, 'exec') ?? {};
  let isOver = false;
  DatabaseSync.prototype.exec = function (this: DatabaseSync, sql: string): void {
    Reflect.apply(exec.value, this, [sql]);
    if (sql === 'COMMIT' && !isOver) {
      isOver = true;
      others();
    }
  };
  try {
    return action();
  } finally {
    Object.defineProperty(DatabaseSync.prototype, 'exec', exec);
  }
};

const NAME = 'Ana Pérez Quintanilla';
const MAIL = 'ana.perez@example.org';
const identified = (partyId: string, value: string): AppendRequest =>
  factOf(
    'PartyIdentified',
    { partyId, identifiers: [{ scheme: 'email', value, verified: true, preferred: true, valid: true }] },
    `identified-${partyId}`,
  );
const enquiry = (partyId: string, text: string): AppendRequest =>
  factOf(
    'EnquiryReceived',
    { enquiryId: `enquiry-${partyId}`, partyId, channel: 'web', productLine: 'books', text },
    `enquiry-${partyId}`,
  );

describe('personal fields', () => {
  it('are sealed on the disk and in clear at the port, however they are read', async () => {
    await append(registered('ana', NAME), identified('ana', MAIL), enquiry('ana', 'Is it waterproof?'));
    for (const text of [NAME, MAIL, 'waterproof']) expect(given.filesWith(text)).toEqual([]);
    const store = given.store();
    const plain = [
      expect.objectContaining({ displayName: NAME }),
      expect.objectContaining({ identifiers: [expect.objectContaining({ value: MAIL, verified: true })] }),
      expect.objectContaining({ text: 'Is it waterproof?', productLine: 'books' }),
    ];
    expect(await dataIn(store.readAll())).toEqual(plain);
    for await (const page of store.readTexts()) expect(page.map(({ data }) => JSON.parse(data))).toEqual(plain);
    expect((await store.eventsAt([2n]))[0]?.data).toEqual(plain[1]);
    const [first] = registered('ana', NAME).events;
    expect((await store.findById(first?.id ?? ''))?.data).toEqual(plain[0]);
    for await (const message of store.subscribe({ types: ['EnquiryReceived'] })) {
      expect(message.kind === 'events' ? message.events.map(({ data }) => data) : []).toEqual([plain[2]]);
      break;
    }
    for (const data of await dataIn(store.kept.readAll())) expect(JSON.stringify(data)).toContain('"kid"');
  });

  it('are sealed under the key of the party whom they are about', async () => {
    const referral = (id: string, referredId?: string): AppendRequest =>
      factOf(
        'ReferralMade',
        {
          referralId: id,
          referrerId: 'ana',
          channel: 'web',
          contact: 'bea@example.org',
          ...(referredId && { referredId }),
        },
        id,
      );
    await append(referral('r1', 'bea'), referral('r2'));
    await append(erasure('ana'));
    const [known, unknown] = await dataIn(given.store().readAll());
    expect([known, unknown]).toMatchObject([{ contact: 'bea@example.org' }, { contact: ERASED }]);
  });

  it('give the same bytes when the fact is sent again, so it is the duplicate that it is', async () => {
    const [first] = await append(enquiry('ana', 'the same words'));
    await given.reopen();
    const [again] = await append(enquiry('ana', 'the same words'));
    expect(again).toEqual({ ...first, duplicate: true });
    const [other] = await given.store().appendMany([enquiry('ana', 'other words')]);
    expect(other).toMatchObject({ left: { code: 'EventIdConflict' } });
  });

  it('never give the same bytes for the same words in two facts', async () => {
    await append(registered('ana', NAME), registered('bea', NAME));
    const values = (await dataIn(given.store().kept.readAll())).map((data) => Object(data)['displayName'] as unknown);
    expect(values.every(isSealed)).toBe(true);
    expect(new Set(values.map((value) => Object(value)['nonce'] as string)).size).toBe(2);
    expect(new Set(values.map((value) => Object(value)['ct'] as string)).size).toBe(2);
  });

  it('that lie in clear in an older log are read as they are, and a repeat of such a fact is a duplicate', async () => {
    right(await given.store().kept.append(registered('ana', NAME)));
    expect(await dataIn(given.store().readAll())).toMatchObject([{ displayName: NAME }]);
    expect(await append(registered('ana', NAME))).toMatchObject([{ duplicate: true }]);
  });

  it('moved to another event or another party stay closed', async () => {
    await append(registered('ana', NAME), registered('bea', 'Bea'));
    const [ana] = await dataIn(given.store().kept.readAll());
    const forged = registered('bea', 'x');
    const [event] = forged.events;
    if (event === undefined) throw new Error('no event');
    const data = { partyId: 'bea', kind: 'person', source: 'test', displayName: Object(ana)['displayName'] };
    right(
      await given.store().kept.append({ ...forged, events: [{ ...event, id: event.id.replace(/^./, 'f'), data }] }),
    );
    const [, , read] = await dataIn(given.store().readAll());
    expect(Object(read)['displayName']).toEqual(data.displayName);
  });
});

describe('after an erasure', () => {
  it('what was sealed reads as erased, what arrives is never stored, and a repeat is a duplicate', async () => {
    await append(registered('ana', NAME), enquiry('ana', 'first words'), registered('bea', 'Bea'));
    await append(erasure('ana'));
    expect(await append(registered('ana', NAME), enquiry('ana', 'first words'))).toMatchObject([
      { duplicate: true },
      { duplicate: true },
    ]);
    await append(identified('ana', MAIL));
    expect(await append(identified('ana', MAIL))).toMatchObject([{ duplicate: true }]);
    expect(await dataIn(given.store().readAll())).toMatchObject([
      { displayName: ERASED },
      { text: ERASED, productLine: 'books' },
      { displayName: 'Bea' },
      { keyIds: ['k'] },
      { identifiers: [{ value: ERASED, verified: true }] },
    ]);
    expect(JSON.stringify(await dataIn(given.store().kept.readAll()))).toContain('"value":{"erased":true}');
  });

  it('keys are gone before the event is there, and what is refused destroys nothing', async () => {
    await append(registered('ana', NAME));
    const refused = await given.store().append({ ...erasure('ana'), expectedRevision: 7 });
    expect(refused).toMatchObject({ left: { code: 'WrongExpectedRevision', actual: 0 } });
    expect(await dataIn(given.store().readAll())).toMatchObject([{ displayName: NAME }]);
    right(await given.store().append({ ...erasure('ana'), expectedRevision: 0 }));
    expect(given.store().keys.ringOf('ana')?.keys.size).toBe(0);
    expect(given.store().keys.pendingErasures()).toMatchObject([{ partyIds: ['ana'], streamId: 'party-ana' }]);
  });

  /*
   * Keys go before the event that tells of it. One under the id of another event destroyed them and was refused
   * afterwards: the keys were gone, and the erasure could never be told.
   */
  const sent = factOf('PersonalDataErased', { partyId: 'ana', keyIds: ['k'], basis: 'request' }, 'x');
  const [said] = sent.events;
  it.each<[string, AppendRequest]>([
    ['type', factOf('PartyRegistered', { partyId: 'bea', kind: 'person', displayName: 'Bea', source: 'test' }, 'x')],
    ['data', factOf('PersonalDataErased', { partyId: 'ana', keyIds: ['k'], basis: 'other' }, 'x')],
    ['metadata', { ...sent, events: sent.events.map((event) => ({ ...event, metadata: { more: 1 } })) }],
    ['stream', { ...sent, streamId: 'party-elsewhere' }],
  ])('one whose id an event of another %s has is refused, and no key is touched', async (_, other) => {
    await append(registered('ana', NAME));
    right(await given.store().kept.append(other));
    const conflict = { left: { code: 'EventIdConflict', streamId: 'party-ana', eventId: said?.id, position: 2n } };
    const fresh = factOf('PersonalDataErased', { partyId: 'ana', keyIds: ['k'], basis: 'request' }, 'fresh');
    expect(await given.store().append(sent)).toMatchObject(conflict);
    expect(await given.store().append({ ...sent, events: [...fresh.events, ...sent.events] })).toMatchObject(conflict);
    expect(await dataIn(given.store().readStream('party-ana', { limit: 1 }))).toMatchObject([{ displayName: NAME }]);
    expect(given.store().keys.erasedKeys()).toEqual([]);
    expect(given.store().keys.pendingErasures()).toEqual([]);
    expect(await given.store().head()).toBe(2n);
  });

  it('one that is sent again destroys no key, nor does one of which the log has a part', async () => {
    await append(registered('ana', NAME), registered('bea', 'Bea'));
    right(await given.store().kept.append(sent));
    expect(await append(sent)).toMatchObject([{ duplicate: true }]);
    const more = { ...sent, events: [...sent.events, ...erasure('bea').events] };
    expect(await given.store().append(more)).toMatchObject({ left: { code: 'EventIdConflict', eventId: said?.id } });
    expect(given.store().keys.erasedKeys()).toEqual([]);
  });

  it('one that no log takes destroys no key', async () => {
    await append(registered('ana', NAME));
    const twice = { ...sent, events: [...sent.events, ...sent.events] };
    expect(await given.store().append(twice)).toMatchObject({ left: { code: 'InvalidEvent' } });
    expect(given.store().keys.erasedKeys()).toEqual([]);
  });

  it('a key store restored from a copy is erased again', async () => {
    await append(registered('ana', NAME));
    await given.store().close();
    const copy = `${given.files.keyStore}.copy`;
    copyFileSync(given.files.keyStore, copy);
    await given.reopen();
    await append(erasure('ana'));
    await given.store().close();
    copyFileSync(copy, given.files.keyStore);
    const reader = right(KeyStore.openReadOnly(given.files));
    expect(reader?.ringOf('ana')?.erased.size).toBe(2);
    reader?.close();
    await given.reopen();
    expect(await dataIn(given.store().readAll())).toMatchObject([{ displayName: ERASED }, {}]);
    expect(
      given
        .store()
        .keys.erasedKeys()
        .map(({ partyId }) => partyId),
    ).toEqual(['ana', 'ana']);
  });
});

describe('a full disk', () => {
  /* SQLite ends the transaction by itself then, and the ROLLBACK that followed hid why. */
  it('of the key store is called by its name, and what is written when there is room again is kept', () => {
    const { keys } = given.store();
    keys.database.exec('PRAGMA max_page_count = 1');
    const parties = Array.from({ length: 500 }, (_, index) => `p${index}`);
    expect(() => keys.make(parties)).toThrow('full');
    keys.database.exec('PRAGMA max_page_count = 10000');
    keys.make(parties);
    expect(keys.ringOf('p499')).not.toBeNull();
  });

  it('of the log refuses an erasure whose keys are destroyed by then, and says that it goes on by itself', async () => {
    await append(registered('ana', NAME));
    await given.store().close();
    const log = right(openSqliteEventStore({ file: given.log, clock: Date.now, maxBytes: 1 }));
    const store = sealed(log, right(KeyStore.open(given.files, Date.now)));
    for (let n = 0; E.isRight(await store.append(registered(`full-${n}`, 'x'.repeat(100)))); n++);
    const refused = await store.append(erasure('ana'));
    expect(refused).toMatchObject({
      left: {
        code: 'StoreFailed',
        message: expect.stringMatching(/^The keys are destroyed for good.*by itself.*full/),
      },
    });
    expect(store.keys.isErased('ana')).toBe(true);
    expect(store.keys.pendingErasures()).toHaveLength(1);
    await store.close();
  });
});

describe('the master key', () => {
  it('is a file of its own that only its owner reads, and without it nothing opens', async () => {
    await append(registered('ana', NAME));
    expect(statSync(given.files.masterKey).mode & 0o777).toBe(0o600);
    expect(readFileSync(given.files.masterKey)).toHaveLength(32);
  });

  it('is rotated without touching an event, also beside a process that has the store open', async () => {
    await append(registered('ana', NAME));
    const before = await dataIn(given.store().kept.readAll());
    const other = right(KeyStore.open(given.files, Date.now));
    const old = readFileSync(given.files.masterKey);
    const fingerprint = given.store().keys.fingerprint('+34600111222');
    expect(fingerprint).toMatch(/^[0-9a-f]{32}$/);
    expect(other.rotateMasterKey()).toMatchObject({ keys: 2 });
    expect(other.fingerprint('+34600111222')).toBe(fingerprint);
    other.close();
    expect(readFileSync(given.files.masterKey)).not.toEqual(old);
    await append(registered('bea', 'Bea'));
    await given.reopen();
    expect(given.store().keys.fingerprint('+34600111222')).toBe(fingerprint);
    expect(given.store().keys.fingerprint('+34600111223')).not.toBe(fingerprint);
    expect(await dataIn(given.store().readAll())).toMatchObject([{ displayName: NAME }, { displayName: 'Bea' }]);
    expect((await dataIn(given.store().kept.readAll()))[0]).toEqual(before[0]);
  });

  it('is replaced where a link leads to it, and the link stays one', async () => {
    await append(registered('ana', NAME));
    const vault = `${given.folder}/vault`;
    mkdirSync(vault);
    renameSync(given.files.masterKey, `${vault}/key`);
    symlinkSync(`${vault}/key`, given.files.masterKey);
    const old = readFileSync(`${vault}/key`);
    given.store().keys.rotateMasterKey();
    expect(lstatSync(given.files.masterKey).isSymbolicLink()).toBe(true);
    expect(readdirSync(vault)).toEqual(['key']);
    expect(readFileSync(`${vault}/key`)).not.toEqual(old);
    await given.reopen();
    expect(await dataIn(given.store().readAll())).toMatchObject([{ displayName: NAME }]);
  });

  /* Whoever opened the key store settled after its transaction, and deleted the key of a rotation that began then. */
  it('that another process is about to rotate to is not deleted by whoever opens the key store', async () => {
    await append(registered('ana', NAME));
    const next = `${given.files.masterKey}.next`;
    const opening = () => right(KeyStore.open(given.files, Date.now));
    afterCommit(() => writeFileSync(next, Buffer.alloc(32, 7)), opening).close();
    expect(readFileSync(next)).toEqual(Buffer.alloc(32, 7));
    opening().close();
    expect(existsSync(next)).toBe(false);
  });

  it('is not said to be rotated when the new one is gone', async () => {
    await append(registered('ana', NAME));
    const rotation = () => given.store().keys.rotateMasterKey();
    expect(() => afterCommit(() => rmSync(`${given.files.masterKey}.next`), rotation)).toThrow('is not the master key');
  });

  it('that a full disk has left empty is made anew, unless it has wrapped a key', async () => {
    await append(registered('ana', NAME));
    await given.store().close();
    writeFileSync(given.files.masterKey, '');
    expect(KeyStore.open(given.files, Date.now)).toMatchObject({ left: { code: 'MasterKeyWrong' } });
    expect(readFileSync(given.files.masterKey)).toHaveLength(0);
    const files = { ...given.files, keyStore: `${given.folder}/first.keys.db` };
    right(KeyStore.open(files, Date.now)).close();
    expect(readFileSync(given.files.masterKey)).toHaveLength(32);
    expect(statSync(given.files.masterKey).mode & 0o777).toBe(0o600);
    expect(readdirSync(given.folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('of an interrupted rotation stays when a key store that was not meant is made beside it', async () => {
    await append(registered('ana', NAME));
    await given.store().close();
    renameSync(given.files.masterKey, `${given.files.masterKey}.next`);
    writeFileSync(given.files.masterKey, Buffer.alloc(32, 7));
    right(KeyStore.open({ ...given.files, keyStore: `${given.folder}/mistyped.keys.db` }, Date.now)).close();
    await given.reopen();
    expect(await dataIn(given.store().readAll())).toMatchObject([{ displayName: NAME }]);
  });
});

describe('the door for bytes', () => {
  it('seals what is written through it and serves what the log keeps', async () => {
    const [event] = registered('ana', NAME).events;
    if (event === undefined) throw new Error('no event');
    const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));
    const { encoded } = given.store();
    const { id, type, data, metadata } = event;
    const written = { id, type, isJson: true, data: bytes(data), metadata: bytes(metadata) };
    right(
      await encoded.append(() => E.right({ appends: [{ streamId: 'party-ana', events: [written] }], answer: () => 0 })),
    );
    expect(given.filesWith(NAME)).toEqual([]);
    expect(Buffer.from(encoded.state.at('party-ana', 0)?.data ?? []).toString()).toContain('"kid"');
    expect(await dataIn(given.store().readAll())).toEqual([data]);
    expect(await append(registered('ana', NAME))).toMatchObject([{ duplicate: true }]);
  });

  /* An id that is taken elsewhere in the log refuses the whole decision, after its keys had been destroyed. */
  it('destroys no key for an erasure that is refused because an id is taken, and does for one that is not', async () => {
    await append(registered('ana', NAME), registered('bea', 'Bea'));
    const { encoded, keys } = given.store();
    const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));
    const [taken] = registered('bea', 'Bea').events;
    const told = async (ids: ReadonlyArray<string | undefined>) => {
      const events = erasure('ana').events.flatMap(({ type, data, metadata }) =>
        ids.map((id = '') => ({ id, type, isJson: true, data: bytes(data), metadata: bytes(metadata) })),
      );
      const appends = [{ streamId: 'party-ana', events }];
      return encoded.append(() => E.right({ appends, answer: () => 'told' }));
    };
    const [first] = erasure('ana').events;
    for (const ids of [[taken?.id], [first?.id, taken?.id]])
      expect(await told(ids)).toMatchObject({ left: { code: 'EventIdTaken', eventId: taken?.id } });
    expect([keys.erasedKeys(), keys.pendingErasures()]).toEqual([[], []]);
    expect(await dataIn(given.store().readStream('party-ana'))).toMatchObject([{ displayName: NAME }]);
    expect(await told([first?.id])).toEqual(E.right('told'));
    expect(await dataIn(given.store().readStream('party-ana', { limit: 1 }))).toMatchObject([{ displayName: ERASED }]);
  });
});
