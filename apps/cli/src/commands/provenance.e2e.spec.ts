/** What an auditor asks from the command line: where a field comes from, what changed, and what if. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { profileFields } from '@afecto/projections';
import { demoConfiguration } from '../simulator/demo-configuration';
import { demoFacts, type GivenFacts, shopEvents, writeNdjson } from '../testing/given-facts';
import { givenLogs, isOnServer } from '../testing/given-logs';
import { givenProgram } from '../testing/given-program';

const program = givenProgram();
const logs = givenLogs(program);
afterAll(async () => {
  await logs.close();
  program.remove();
});

const FROM = '2016-06-01T00:00:00Z';
const TO = '2017-03-01T00:00:00Z';

let given: GivenFacts;
let party: string;
const onStore = (store: string, ...args: ReadonlyArray<string>): Promise<ReadonlyArray<string>> =>
  logs.on(store, given.clock, ...args);
const on = (...args: ReadonlyArray<string>): Promise<ReadonlyArray<string>> => onStore('shop', ...args);
const answerOf = async (store: string, ...args: ReadonlyArray<string>): Promise<unknown> => {
  const { stdout, stderr, code } = await program.ask(await onStore(store, '--json', ...args));
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  return JSON.parse(stdout);
};
const answer = (...args: ReadonlyArray<string>): Promise<unknown> => answerOf('shop', ...args);

const stricter = {
  ...demoConfiguration,
  version: 2,
  loyalty: { ...demoConfiguration.loyalty, zones: { ...demoConfiguration.loyalty.zones, defectionBelow: 55 } },
};

beforeAll(async () => {
  given = await demoFacts(isOnServer ? 12 : 20);
  party = given.facts.find(({ type }) => type === 'ComplaintReceived')?.subject ?? '';
  writeNdjson(program.path('facts.ndjson'), given.facts);
  expect((await program.ask(await on('import', 'facts.ndjson'))).code).toBe(0);
  writeFileSync(program.path('present.json'), JSON.stringify(demoConfiguration));
  writeFileSync(program.path('stricter.json'), JSON.stringify(stricter));
});

interface Migration {
  readonly from: string;
  readonly to: string;
  readonly customers: number;
}
interface Compared {
  readonly customers: number;
  readonly moved: number;
  readonly migrations: Readonly<Record<'zone' | 'tier' | 'phase' | 'action', ReadonlyArray<Migration>>>;
  readonly queues: ReadonlyArray<{ readonly queue: string; readonly before: number; readonly after: number }>;
  readonly parties: ReadonlyArray<{ readonly partyId: string; readonly because?: ReadonlyArray<unknown> }>;
  readonly next: string | null;
}
/** What was asked for with `--json` is what the command says it is. */
const compared = async (...args: ReadonlyArray<string>): Promise<Compared> => (await answer(...args)) as Compared;

/** Customers by zone on one side of a matrix; `absent` is nobody. */
const side = (migrations: ReadonlyArray<Migration>, end: 'from' | 'to'): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const { customers, ...ends } of migrations)
    if (ends[end] !== 'absent') counts[ends[end]] = (counts[ends[end]] ?? 0) + customers;
  return counts;
};
const zonesOf = async (store: string, ...args: ReadonlyArray<string>): Promise<Readonly<Record<string, number>>> => {
  const groups = (await answerOf(store, ...args, 'zones')) as ReadonlyArray<{ group: { zone: string }; count: number }>;
  return Object.fromEntries(groups.map(({ group, count }) => [group.zone, count]));
};

describe('afecto explain PARTY FIELD', () => {
  it('tells a person who said it, when it happened, when we knew, by which rule, and what would have changed it', async () => {
    const { stdout, code } = await program.ask(await on('explain', party, 'zone'));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\/loyalty\/zone is \w+\n {2}by §7\.4 of domain\.md: .+; configuration version 1$/m);
    expect(stdout).toMatch(/^ {2}so since \d{4}-\d\d-\d\d [\d:.]+ UTC, because of$/m);
    expect(stdout).toMatch(/^ {2}before it was \w+, since /m);
    for (const heading of ['Its history', 'It rests on', 'What the rule counted', 'What would change it now'])
      expect(stdout).toMatch(new RegExp(`^${heading}$`, 'm'));
    const name = await program.ask(await on('explain', party, '/identity/displayName'));
    expect(name.stdout).toMatch(/PartyRegistered, which happened at .+; we knew at \d{4}-.+, [\d,]+ days later$/m);
    expect(name.stdout).toMatch(/told by the \w+ .+, source \S+, id \S+$/m);
    expect(name.stdout).toMatch(/event [0-9a-f-]{36}, position \d+$/m);
  });

  it('gives machines the value that the profile has, for any field, as of then too', async () => {
    expect(await answer('profile', party)).toMatchObject({
      loyalty: await named('zone'),
      value: await named('spend365Minor'),
    });
    const early = ['--as-of', FROM];
    expect(await answer(...early, 'profile', party)).toMatchObject({ loyalty: await named('zone', ...early) });
  });
  const named = async (field: string, ...before: ReadonlyArray<string>): Promise<unknown> => {
    const found = (await answer(...before, 'explain', party, field)) as { value: unknown };
    return { [field]: found.value };
  };

  it('--fields lists every field with its last change', async () => {
    const { fields } = (await answer('explain', party, '--fields')) as { fields: ReadonlyArray<{ field: string }> };
    expect(fields.map(({ field }) => field)).toEqual(profileFields.map(({ pointer }) => pointer));
    const { stdout } = await program.ask(await on('explain', party, '--fields'));
    expect(stdout.trimEnd().split('\n')).toHaveLength(1 + profileFields.length);
  });

  it.each([
    [['explain', 'nobody', 'zone'], 1, 'No fact about party "nobody".'],
    [['explain', 'PARTY', 'colour'], 2, 'there is no field "colour"; there are /partyId, '],
    [['explain', 'PARTY', 'zone', '--fields'], 2, '--fields shows every field'],
  ])('%j is refused', async (args, code, message) => {
    const refused = await program.ask(await on(...args.map((word) => (word === 'PARTY' ? party : word))));
    expect(refused).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(message) });
  });
});

describe('afecto diff', () => {
  it('of all customers adds up to the zones of both instants, and names who moved and why', async () => {
    const found = await compared('diff', '--from', FROM, '--to', TO, '--limit', '5');
    expect(side(found.migrations.zone, 'from')).toEqual(await zonesOf('shop', '--as-of', FROM));
    expect(side(found.migrations.zone, 'to')).toEqual(await zonesOf('shop', '--as-of', TO));
    expect(found.parties).toHaveLength(5);
    for (const { because } of found.parties) expect(because).not.toEqual([]);
    const { stdout, code } = await program.ask(await on('diff', '--from', FROM, '--to', TO, '--limit', '5'));
    expect(code).toBe(0);
    for (const title of ['Zones', 'Tiers', 'Phases', 'Queue of the next best action'])
      expect(stdout).toContain(`${title}: from (down) to (across)`);
    expect(stdout).toMatch(/^ {6}\d{4}-\d\d-\d\d [\d:.]+ {2}\w+ \w+ {2}← \w+/m);
  });

  it('shows page after page, and writes all of them to a file', async () => {
    const span = ['diff', '--from', FROM, '--to', TO];
    const seen: string[] = [];
    let next: string | null = null;
    do {
      const page: Compared = await compared(...span, '--limit', '8', ...(next === null ? [] : ['--after', next]));
      seen.push(...page.parties.map(({ partyId }) => partyId));
      next = page.next;
    } while (next !== null);
    const { moved } = await compared(...span, '--limit', '1', '--parties', program.path('moved.ndjson'));
    const lines = readFileSync(program.path('moved.ndjson'), 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line)).map(({ partyId }: { partyId: string }) => partyId)).toEqual(seen);
    expect({ seen: seen.length, sorted: seen.toSorted() }).toEqual({ seen: moved, sorted: seen });
    expect(readdirSync(program.folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('of one party is its profile then and its profile now, field by field', async () => {
    const { fields } = (await answer('diff', '--from', FROM, party)) as {
      fields: ReadonlyArray<{
        field: string;
        before: unknown;
        after: unknown;
        passing: boolean;
        changes: ReadonlyArray<unknown>;
      }>;
    };
    const [then, now] = [await answer('--as-of', FROM, 'profile', party), await answer('profile', party)];
    const at = (profile: unknown, pointer: string): unknown =>
      pointer
        .slice(1)
        .split('/')
        .reduce<unknown>((value, name) => Object(value)[name], profile);
    const compareable = fields.filter(({ field }) => !['/openItems', '/nextBestAction'].includes(field));
    expect(compareable.length).toBeGreaterThan(5);
    for (const { field, before, after, passing, changes } of compareable) {
      expect([field, before, after]).toEqual([field, at(then, field), at(now, field)]);
      if (!passing) expect(changes.length).toBeGreaterThan(0);
    }
    const unchanged = profileFields.filter(({ pointer }) => !fields.some(({ field }) => field === pointer));
    for (const { pointer } of unchanged.filter((one) => !one.pointer.startsWith('/openItems')))
      if (pointer !== '/nextBestAction') expect([pointer, at(now, pointer)]).toEqual([pointer, at(then, pointer)]);
    expect((await program.ask(await on('diff', '--from', FROM, party))).stdout).toContain('As time passes');
  });

  /**
   * A customer that was merged into one that stands alike was said to have moved because of nothing: of its standing
   * nothing differs from that of the other, and who is whose customer was not looked at.
   */
  it('names the merge by which somebody is no customer of its own any more, and the separation after it', async () => {
    const shop = shopEvents('m');
    const link = (type: string, time: string, data: object) => shop.event(type, time, 'rosa', data);
    writeNdjson(program.path('links.ndjson'), [
      shop.registered('rosa', 'Rosa Gil', '2017-01-01T10:00:00.000Z'),
      shop.registered('rosita', 'Rosita Gil', '2017-01-01T10:00:00.000Z'),
      link('PartiesMerged', '2017-01-02T10:00:00.000Z', {
        survivorId: 'rosa',
        absorbedId: 'rosita',
        matchScore: 1,
        reason: 'same',
      }),
      link('PartiesSeparated', '2017-01-03T10:00:00.000Z', {
        survivorId: 'rosa',
        separatedId: 'rosita',
        mergedEventId: '00000000-0000-5000-8000-000000000000',
        reason: 'not the same',
      }),
    ]);
    expect((await program.ask(await onStore('links', 'import', 'links.ndjson'))).code).toBe(0);
    const between = async (from: string, to: string) => {
      const span = ['diff', '--from', `${from}T00:00:00Z`, '--to', `${to}T00:00:00Z`];
      const { stdout } = await program.ask(await onStore('links', ...span));
      return stdout;
    };
    expect(await between('2017-01-02', '2017-01-03')).toMatch(
      /^ {2}rosita {2}.+ → absent.*\n {6}2017-01-02 10:00:00 {2}partyId rosa {2}← PartiesMerged at position 3$/m,
    );
    expect(await between('2017-01-03', '2017-01-04')).toMatch(
      /^ {2}rosita {2}.+absent → .+\n {6}2017-01-03 10:00:00 {2}partyId rosita {2}← PartiesSeparated at position 4$/m,
    );
    expect(await between('2017-01-01', '2017-01-02')).not.toContain('partyId');
  });

  it('as known before anything was told is nothing', async () => {
    const nothing = await compared('--known-at', '2010-01-01T00:00:00Z', 'diff', '--from', FROM, '--to', TO);
    expect(nothing).toMatchObject({ customers: 0, moved: 0, parties: [], next: null });
  });

  it.each([
    [
      ['diff', '--from', 'yesterday'],
      '--from must be an RFC 3339 UTC instant such as 2026-01-31T09:30:00Z; got "yesterday"',
    ],
    [['diff', '--from', TO, '--to', FROM], '--from must not be later than --to; got 2017-03-01T00:00:00.000Z'],
    [['diff', '--from', FROM, '--to', '2017-03-01'], '--to must be an RFC 3339 UTC instant'],
    [['--as-of', TO, 'diff', '--from', FROM], 'by --from and --to, not by --as-of'],
  ])('%j is refused', async (args, message) => {
    expect(await program.ask(await on(...args))).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(message),
    });
  });
});

describe('afecto simulate', () => {
  it('under the configuration that is in force moves nobody', async () => {
    const same = await compared('simulate', '--config', 'present.json');
    expect(same).toMatchObject({ customers: given.parties, moved: 0, parties: [], next: null });
    expect(side(same.migrations.zone, 'to')).toEqual(await zonesOf('shop'));
  });

  it('says what a store says in which that configuration has always been in force', async () => {
    const [first] = given.facts;
    const activated = given.facts.map((fact) =>
      fact.type === 'ConfigurationActivated'
        ? { ...fact, data: { ...fact.data, config: { ...stricter, version: 1 } } }
        : fact,
    );
    expect(first?.type).toBe('ConfigurationActivated');
    writeNdjson(program.path('strict.ndjson'), activated);
    expect((await program.ask(await onStore('strict', 'import', 'strict.ndjson'))).code).toBe(0);
    const found = await compared('simulate', '--config', 'stricter.json');
    expect(found.moved).toBeGreaterThan(0);
    expect(side(found.migrations.zone, 'from')).toEqual(await zonesOf('shop'));
    expect(side(found.migrations.zone, 'to')).toEqual(await zonesOf('strict'));
    const kpis = (await answerOf('strict', 'queues')) as ReadonlyArray<{
      queue: string;
      open: number;
      claimed: number;
    }>;
    for (const { queue, after } of found.queues)
      expect([queue, after]).toEqual([queue, kpis.find((kpi) => kpi.queue === queue)?.open]);
  });

  it('shows a person the matrices, who would move, and that reviews stay', async () => {
    const { stdout, code } = await program.ask(await on('simulate', '--config', 'stricter.json', '--limit', '2'));
    expect(code).toBe(0);
    expect(stdout).toContain('(version 2) had always been in force: ');
    expect(stdout).toContain('Reviews of the portfolio are facts and stay as they were recorded');
    expect(stdout).toMatch(/^Who would move\n {2}\S+ {2}.+→/m);
    expect(stdout).toMatch(/2 of \d+ shown; the next: --after \S+, all: --parties FILE/);
  });

  it('as of then looks at the history up to then', async () => {
    const then = await compared('--as-of', FROM, 'simulate', '--config', 'stricter.json');
    expect(side(then.migrations.zone, 'from')).toEqual(await zonesOf('shop', '--as-of', FROM));
  });

  it('leaves the store as it was', async () => {
    const before = await answer('verify');
    await answer('simulate', '--config', 'stricter.json');
    expect(await answer('verify')).toEqual(before);
  });

  it('of a document that could not be activated names every field, its value and what is allowed', async () => {
    const { capabilities: _, ...rest } = stricter;
    writeFileSync(program.path('torn.json'), '{"version": 1');
    writeFileSync(program.path('lacking.json'), JSON.stringify({ ...rest, colour: 'red' }));
    writeFileSync(
      program.path('lax.json'),
      JSON.stringify({
        ...stricter,
        service: { ...stricter.service, deferredHours: 30 },
        loyalty: { ...stricter.loyalty, weights: { ...stricter.loyalty.weights, A: 0.5 } },
      }),
    );
    const refused = async (file: string): Promise<string> => {
      const { code, stderr, stdout } = await program.ask(await on('simulate', '--config', file));
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      return stderr;
    };
    expect(await refused('lax.json')).toMatch(/\/service\/deferredHours must be more than 0 and at most 24 h; got 30/);
    expect(await refused('lax.json')).toMatch(/\/loyalty\/weights must sum to 1; the sum is 1\.05/);
    expect(await refused('lacking.json')).toMatch(/\/capabilities is missing/);
    expect(await refused('lacking.json')).toMatch(/\/colour is an unknown field; allowed are version, .+; got "red"/);
    expect(await refused('torn.json')).toContain('torn.json is no JSON');
    expect(await refused('none.json')).toContain('none.json cannot be read: ENOENT');
  });

  it('interrupted ends with nothing changed and nothing left behind', async () => {
    const leftIn = () => readdirSync(program.temporary).filter((name) => name.startsWith('afecto-compare-'));
    const running = program.start(await on('simulate', '--config', 'stricter.json'));
    while (leftIn().length === 0 && running.child.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 1));
    running.child.kill('SIGINT');
    expect(await running.ended).toMatchObject({
      code: 130,
      stdout: '',
      stderr: expect.stringContaining('nothing was changed'),
    });
    expect(leftIn()).toEqual([]);
    expect(await answer('verify')).toMatchObject({ ok: true });
  });
});
