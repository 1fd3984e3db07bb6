import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { openStore } from '@afecto/application';
import { figures, models, partyViews } from '@afecto/projections';
import * as E from 'fp-ts/Either';
import { demoFacts, type GivenFacts, writeNdjson } from '../testing/given-facts';
import { givenLogs, isOnServer } from '../testing/given-logs';
import { givenProgram } from '../testing/given-program';

const program = givenProgram();
const logs = givenLogs(program);
afterAll(async () => {
  await logs.close();
  program.remove();
});

let given: GivenFacts;
let party: string;
const on = (...args: ReadonlyArray<string>): Promise<ReadonlyArray<string>> => logs.on('shop', given.clock, ...args);
const answer = async (...args: ReadonlyArray<string>): Promise<unknown> => {
  const { stdout, stderr, code } = await program.ask(await on('--json', ...args));
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  return JSON.parse(stdout);
};

beforeAll(async () => {
  given = await demoFacts(isOnServer ? 15 : 40);
  const complaint = given.facts.find(({ type }) => type === 'ComplaintReceived');
  party = complaint?.subject ?? '';
  writeNdjson(program.path('facts.ndjson'), given.facts);
  const imported = await program.run(await on('import', 'facts.ndjson'));
  expect(imported.code).toBe(0);
});

describe('a command line that is wrong', () => {
  it.each([
    [['--nothing', 'zones'], "unknown option '--nothing'"],
    [[], 'No command was named; afecto --help lists them.'],
    [
      ['calibrate', '--within', '36501'],
      "option '--within <days>' argument '36501' is invalid. It must be a whole number from 1 to 36500.",
    ],
    [
      ['analyse', '--weeks', '5201'],
      "option '--weeks <n>' argument '5201' is invalid. It must be a whole number from 1 to 5200.",
    ],
  ])('%j is told to machines on standard output, as every error', async (words, error) => {
    const { stdout, code } = await program.ask(['--json', ...words]);
    expect({ told: JSON.parse(stdout), code }).toEqual({ told: { error }, code: 2 });
  });
});

describe('afecto profile', () => {
  // coverage: 27
  it('shows who the customer is, where it stands and what to do next', async () => {
    const { stdout, code } = await program.ask(await on('profile', party));
    expect(code).toBe(0);
    expect(stdout).toContain(party);
    for (const row of ['phase', 'zone', 'value', 'orders', 'relationship', 'known'])
      expect(stdout).toMatch(new RegExp(`^  ${row} +\\S`, 'm'));
  });

  // Data can hold what moves the cursor of a terminal, and so hides what is said.
  it('shows control characters, and sends none to the terminal', async () => {
    const { stderr } = await program.ask(await on('profile', '\u001b[2J\u009b'));
    expect(stderr).toContain('"\\u001b[2J\\u009b"');
  });

  it('gives machines the whole profile', async () => {
    expect(await answer('profile', party)).toMatchObject({
      partyId: party,
      loyalty: { zone: expect.any(String) },
      value: { spend365Minor: expect.any(Number) },
    });
  });

  it('answers as of then, and as it was known then', async () => {
    const early = given.facts.find(({ subject }) => subject === party)?.time ?? '';
    expect(await answer('--as-of', early, 'profile', party)).toMatchObject({ lastFactAt: early });
    const before = await program.ask(await on('--as-of', '2010-01-01T00:00:00Z', 'profile', party));
    expect(before).toMatchObject({ code: 1, stdout: '' });
    expect(before.stderr).toBe(`No fact about party "${party}" by 2010-01-01T00:00:00.000Z.\n`);
    const unheard = await program.ask(await on('--known-at', '2010-01-01T00:00:00Z', 'profile', party));
    expect(unheard.stderr).toContain('as it was known at 2010-01-01T00:00:00.000Z');
  });

  it('says of an unknown party that nothing is known, to machines too', async () => {
    expect(await program.ask(await on('profile', 'nobody'))).toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'No fact about party "nobody".\n',
    });
    const { stdout, stderr, code } = await program.ask(await on('--json', 'explain', 'nobody'));
    expect({ json: JSON.parse(stdout), stderr, code }).toEqual({
      json: { error: 'No fact about party "nobody".' },
      stderr: '',
      code: 1,
    });
  });
});

describe('afecto explain', () => {
  it('shows the zone, its reasons, what would change it and the zones before', async () => {
    const { stdout, code } = await program.ask(await on('explain', party));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Why \w+\? Score \d+\.\d\d = 50/m);
    expect(stdout).toContain('What would change it');
    expect(stdout).toMatch(/^Zones so far\n {2}\d{4}-\d\d-\d\d to /m);
  });

  it('gives machines evidence whose points add up to the score', async () => {
    const view = await answer('explain', party);
    const { score, evidence } = view as { score: number; evidence: ReadonlyArray<{ points: number }> };
    expect(evidence.reduce((sum, { points }) => sum + points, 50)).toBeCloseTo(score, 6);
  });
});

describe('afecto zones', () => {
  it('counts every customer once', async () => {
    const groups = (await answer('zones')) as ReadonlyArray<{ count: number; share: number }>;
    expect(groups.reduce((sum, { count }) => sum + count, 0)).toBe(given.parties);
    expect(groups.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
    expect((await program.ask(await on('zones'))).stdout).toMatch(new RegExp(`^  all +${given.parties}$`, 'm'));
  });

  it('as of the past counts those who were there, and --clock before the rows asks the same', async () => {
    const then = '2015-01-01T00:00:00Z';
    const groups = await answer('--as-of', then, 'zones');
    expect(groups).not.toEqual(await answer('zones'));
    const byClock = await program.ask(await logs.on('shop', then, '--json', 'zones'));
    expect(JSON.parse(byClock.stdout)).toEqual(groups);
  });

  it('does not pretend to know what all customers looked like to us then', async () => {
    const { code, stderr } = await program.ask(await on('--known-at', '2016-01-01T00:00:00Z', 'zones'));
    expect(code).toBe(2);
    expect(stderr).toContain('afecto replay --known-at');
  });
});

describe('afecto queues', () => {
  it('shows all eight, and the head of one by its name or number', async () => {
    expect((await program.ask(await on('queues'))).stdout.match(/^ {2}Q\d/gm)).toHaveLength(8);
    const byName = await answer('queues', 'manage-dissatisfaction', '--limit', '3');
    expect(byName).toEqual(await answer('queues', 'q1', '--limit', '3'));
    expect(byName).toMatchObject([{ queue: 'Q1', state: 'open' }, {}, {}]);
    const { stdout } = await program.ask(await on('queues', 'all', '--limit', '5'));
    expect(stdout.match(/^ {2}Q\d +\d+ {2}\w.*\n {6}[\w-]+, (due \d{4}-\d\d-\d\d|suppressed|snoozed)/gm)).toHaveLength(
      5,
    );
  });

  it('names the queues there are when asked for another', async () => {
    const { code, stderr } = await program.ask(await on('queues', 'complaints'));
    expect(code).toBe(2);
    expect(stderr).toContain('There is no queue "complaints". There are: Q1 manage-dissatisfaction, Q2 win-back');
  });

  it('refuses a senseless limit', async () => {
    const { code, stderr } = await program.ask(await on('queues', 'Q1', '--limit', '-1'));
    expect(code).toBe(2);
    expect(stderr).toContain('must be a whole number from 1');
  });
});

describe('afecto figures', () => {
  it('without a name says which there are, to people and to machines', async () => {
    const { stdout, code } = await program.ask(await on('figures'));
    expect(code).toBe(0);
    for (const { code: projection, name, title } of figures)
      expect(stdout).toMatch(new RegExp(`^  ${projection} +${name} +${title.slice(0, 20)}`, 'm'));
    expect(await answer('figures')).toEqual(figures.map(({ code: of, name, title }) => ({ code: of, name, title })));
  });

  it('shows a person the title and the sums, and gives machines the fields', async () => {
    const { stdout, code } = await program.ask(await on('figures', 'complaints'));
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^ {2}Complaints.*\n\n(.*\n)* {2}complaints +\d/),
    });
    const all = await answer('figures', 'lifecycle');
    const { phases } = all as { phases: ReadonlyArray<{ count: number }> };
    expect(phases.reduce((sum, { count }) => sum + count, 0)).toBe(given.parties);
  });

  it('look at the days asked about, both ends included', async () => {
    const days = given.facts.flatMap(({ type, time }) => (type === 'ComplaintReceived' ? [time.slice(0, 10)] : []));
    const [day = ''] = days;
    const inWindow = (from: string, to: string) => days.filter((one) => one >= from && one <= to).length;
    expect(await answer('figures', 'complaints', '--from', day, '--to', day)).toMatchObject({
      complaints: inWindow(day, day),
    });
    expect(await answer('figures', 'complaints', '--from', '2010-01-01', '--to', `${day}T12:00:00Z`)).toMatchObject({
      complaints: inWindow('2010-01-01', day),
    });
    expect(await answer('figures', 'complaints', '--to', '2009-12-31')).toMatchObject({ complaints: 0 });
  });
});

describe('afecto view', () => {
  it('without a name says which there are, without looking at the party', async () => {
    expect(await answer('view', party)).toEqual(partyViews.map(({ code, name, title }) => ({ code, name, title })));
    const { stdout, code } = await program.ask(await on('view', party));
    expect({ code, names: stdout.trimEnd().split('\n').length }).toEqual({ code: 0, names: partyViews.length });
  });

  it('shows one side of a customer, as of then too', async () => {
    expect(await answer('view', party, 'complaints')).toMatchObject({
      complaints: expect.arrayContaining([expect.objectContaining({ complaintId: expect.any(String) })]),
    });
    const early = given.facts.find(({ subject }) => subject === party)?.time ?? '';
    expect(await answer('--as-of', early, 'view', party, 'complaints')).toMatchObject({ complaints: [] });
    const { stdout, code } = await program.ask(await on('view', party, 'complaints'));
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^ {2}.+\n\n {2}complaints\n/) });
  });

  it('says of an unknown party that nothing is known', async () => {
    expect(await program.ask(await on('view', 'nobody', 'complaints'))).toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'No fact about party "nobody".\n',
    });
  });
});

describe('afecto report', () => {
  it('without a name says which frameworks there are', async () => {
    expect(await answer('report')).toEqual(models.map(({ name, title }) => ({ name, title })));
    expect((await program.ask(await on('report'))).stdout).toMatch(/^ {2}idic +IDIC: identify/m);
  });

  it('shows each step with what does it and the figures that fulfil it', async () => {
    const { stdout, code } = await program.ask(await on('report', 'idic'));
    expect(code).toBe(0);
    expect(stdout.match(/^\d\. .+$/gm)).toEqual([
      '1. Identify (identificar)',
      '2. Differentiate (diferenciar)',
      '3. Interact (interactuar)',
      '4. Customize (personalizar)',
    ]);
    expect(stdout).toMatch(/^ {2}parties with a verified identifier +[\d.]+$/m);
  });

  it('has in its steps what the figures say', async () => {
    const { phases } = (await answer('figures', 'lifecycle')) as { phases: unknown };
    expect(await answer('report', 'payne')).toMatchObject({
      model: 'payne',
      steps: expect.arrayContaining([
        expect.objectContaining({
          indicators: expect.arrayContaining([
            { label: 'Customers by phase of the lifecycle', value: phases, targets: [], from: 'PR05 lifecycle phases' },
          ]),
        }),
      ]),
    });
  });
});

describe('figures, views and reports', () => {
  it.each([
    [['figures', 'none'], 'There are no figures "none". There are: lifecycle, loyalty, '],
    [['view', 'x', 'none'], 'There is no view "none". There are: service-levels, complaints, '],
    [['report', 'none'], 'There is no report "none". There are: idic, qci, payne, '],
    [['figures', 'voice-of-customer', '--from', 'tomorrow'], '--from must be a day such as 2026-01-31; got "tomorrow"'],
    [['figures', 'voice-of-customer', '--to', '2026-02-31'], '--to must be a day such as 2026-01-31; got "2026-02-31"'],
    [['report', 'idic', '--from', ''], '--from must be a day such as 2026-01-31; got ""'],
    [
      ['report', 'idic', '--from', '2016-02-01', '--to', '2016-01-31'],
      '--from must not be later than --to; got 2016-02-01 and 2016-01-31',
    ],
    [
      ['figures', 'people', '--from', '1900-01-01', '--to', '2026-01-31'],
      '--from must lie at most 36525 days before --to (default today); got 1900-01-01 and 2026-01-31',
    ],
    [['--known-at', '2016-01-01T00:00:00Z', 'figures', 'voice-of-customer'], '--known-at asks about one party'],
  ])('that cannot be asked so are refused: %j', async (args, message) => {
    const refused = await program.ask(await on(...args));
    expect(refused).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
    const forMachines = await program.ask(await on('--json', ...args));
    expect(forMachines).toMatchObject({ code: 2, stderr: '' });
    expect(JSON.parse(forMachines.stdout)).toEqual({ error: refused.stderr.trimEnd() });
  });
});

describe('a question', () => {
  it.each([
    ['profile', 'x'],
    ['explain', 'x'],
    ['zones'],
    ['queues'],
    ['figures', 'voice-of-customer'],
    ['view', 'x', 'voice-of-customer'],
    ['report', 'idic'],
    ['replay'],
    ['rebuild'],
    ['verify'],
    ['export'],
    ['review'],
  ])('to a store that is not there is answered so by %s, and begins none', async (...args) => {
    const { code, stderr } = await program.ask(['--store', 'sqlite:typo.db', ...args]);
    expect(code).toBe(2);
    expect(stderr).toContain('There is no event store typo.db');
    expect(existsSync(program.path('typo.db'))).toBe(false);
  });

  it.each([
    ['--as-of', 'tomorrow'],
    ['--as-of', '2016-01-01'],
    ['--known-at', '1'],
    ['--clock', ''],
  ])('with %s "%s" is refused by the name of the option', async (option, value) => {
    const { code, stderr } = await program.ask(await on(option, value, 'zones'));
    expect(code).toBe(2);
    expect(stderr).toContain(`${option} must be an RFC 3339 UTC instant such as 2026-01-31T09:30:00Z; got "${value}"`);
  });

  it('is answered beside the process that holds the store, without touching what that one writes', async () => {
    const expected = await answer('zones');
    // Of a log on a server it is the copy beside the read models that one process keeps.
    const eventStore = (await logs.urlOf('shop')).replace('shop.db', program.path('shop.db'));
    const store = await openStore({ eventStore, readModels: program.path('shop.read-models.db'), now: Date.now });
    if (E.isLeft(store)) throw new Error(store.left.message);
    try {
      expect(await answer('zones')).toEqual(expected);
      const { code, stderr } = await program.ask(await on('--read-models', 'other.read-models.db', 'zones'));
      // Other read models of a log on a server go with another copy of it, which nobody holds.
      expect({ code, stderr }).toEqual(
        isOnServer
          ? { code: 0, stderr: expect.any(String) }
          : { code: 2, stderr: expect.stringContaining('still building the read models') },
      );
    } finally {
      await store.right.close();
    }
  });

  it('to damaged read models is answered from new ones', async () => {
    const expected = await answer('zones');
    copyFileSync(program.path('facts.ndjson'), program.path('copy.read-models.db'));
    expect(await answer('--read-models', 'copy.read-models.db', 'zones')).toEqual(expected);
    expect(readFileSync(program.path('copy.read-models.db')).subarray(0, 15).toString()).toBe('SQLite format 3');
    // What was there may be somebody's file.
    expect(readFileSync(program.path('copy.read-models.db.set-aside-1'))).toEqual(
      readFileSync(program.path('facts.ndjson')),
    );
  });

  it('without a command gets help and exit 2; --help is no error', async () => {
    const { code, stderr } = await program.run([]);
    expect(code).toBe(2);
    expect(stderr).toContain('Usage: afecto');
    const help = await program.run(['--help']);
    expect(help.code).toBe(0);
    expect(help.stdout).toContain('explain [options] <party> [field]');
  });
});

describe('afecto review', () => {
  it('freezes the portfolio as a fact and every customer stands under it', async () => {
    const { code, stdout } = await program.ask(await on('review'));
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^Portfolio reviewed, at position \d+/),
    });
    // A minute later: a server records with a clock of its own, which does not move on with our commands.
    const later = new Date(Date.parse(given.clock) + 60_000).toISOString();
    const { stdout: profile } = await program.ask(await logs.on('shop', later, '--json', 'profile', party));
    expect(JSON.parse(profile)).toMatchObject({ value: { reviewedAsOf: new Date(given.clock).toISOString() } });
    const future = await program.ask(await on('--as-of', '2030-01-01T00:00:00Z', 'review'));
    expect(future.code).toBe(1);
    expect(future.stderr).toMatch(/^OccurredInFuture: /);
  });
});
