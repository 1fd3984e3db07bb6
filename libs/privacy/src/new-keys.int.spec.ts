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
