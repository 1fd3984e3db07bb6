import { type GivenSealed, givenSealed, registered, right } from './testing/given-sealed';

let given: GivenSealed;
beforeEach(() => {
  given = givenSealed();
});
afterEach(() => given.remove());

/** What is random of every key in the file: its id, its nonce, and itself under the master key. */
const drawn = (): ReadonlyArray<string> =>
  given
    .store()
    .keys.database.prepare('SELECT kid, wrapped FROM key_ring')
    .all()
    .flatMap(({ kid, wrapped }) => {
      const bytes = Buffer.from(wrapped instanceof Uint8Array ? wrapped : []);
      return [String(kid), bytes.toString('base64url', 0, 12), bytes.toString('base64url', 12)];
    });

const parties = Array.from({ length: 50 }, (_, index) => `party-${index}`);

describe('keys that are made together', () => {
  it('have each an id, a nonce and bytes of their own', () => {
    const { keys } = given.store();
    keys.make(parties);
    expect(new Set(drawn()).size).toBe(parties.length * 2 * 3);
    const seen = new Set(parties.map((id) => keys.ringOf(id)?.keys.get('identity')?.key.export().toString('hex')));
    expect(seen.size).toBe(parties.length);
    // Wiping what they were drawn into took none of them along.
    expect(seen.has('0'.repeat(64))).toBe(false);
  });

  it('are those that the file gives back when it is opened again', async () => {
    for (const outcome of await given.store().appendMany(parties.map((id) => registered(id, `Name of ${id}`))))
      right(outcome);
    const before = drawn();
    await given.reopen();
    expect(drawn()).toEqual(before);
    const names: unknown[] = [];
    for await (const page of given.store().readAll())
      names.push(...page.map(({ data }) => Object(data)['displayName'] as unknown));
    expect(names).toEqual(parties.map((id) => `Name of ${id}`));
  });

  it('are made once, whoever asks again, and for nobody else', () => {
    const { keys } = given.store();
    keys.make(parties);
    const before = drawn();
    keys.make([...parties.slice(0, 3), ...parties.slice(0, 3)]);
    keys.make([]);
    expect(drawn()).toEqual(before);
  });
});

describe('keys that are read ahead', () => {
  const shown = (partyId: string) => {
    const ring = given.store().keys.ringOf(partyId);
    if (ring === null) return null;
    return {
      keys: [...ring.keys].map(([keyClass, { kid, key }]) => [keyClass, kid, key.export().toString('hex')]).sort(),
      erased: [...ring.erased].sort(),
      destroyed: [...ring.destroyed].sort(),
    };
  };

  it('are those that are read one by one: of whoever has some, has none, or is erased in whole or in part', async () => {
    const { keys } = given.store();
    keys.make(parties);
    keys.erase(parties.slice(0, 10));
    keys.erase([], {
      eventId: 'an-expiry',
      partyIds: parties.slice(10, 20),
      contentOnly: parties.slice(10, 20),
      happenedAt: 0,
      streamId: 's',
      events: [],
    });
    const asked = [...parties, 'nobody', 'nobody else', ...parties.slice(0, 3)];
    await given.reopen();
    const oneByOne = asked.map(shown);
    await given.reopen();
    given.store().keys.readAhead(asked);
    expect(asked.map(shown)).toEqual(oneByOne);
    expect(oneByOne.filter((ring) => ring === null)).toHaveLength(2);
    expect(oneByOne.filter((ring) => (ring?.erased.length ?? 0) > 0).length).toBeGreaterThan(9);
  });

  it('are found damaged when they are needed, and nobody takes what they sealed for erased', async () => {
    const store = given.store();
    for (const outcome of await store.appendMany(parties.slice(0, 3).map((id) => registered(id, `Name of ${id}`))))
      right(outcome);
    store.keys.database.exec("UPDATE key_ring SET wrapped = zeroblob(60) WHERE party_id = 'party-1'");
    await given.reopen();
    const read = async (): Promise<void> => {
      for await (const page of given.store().readAll()) expect(page.length).toBeGreaterThan(0);
    };
    await expect(read()).rejects.toThrow('is damaged: a key of it does not unwrap');
  });
});
