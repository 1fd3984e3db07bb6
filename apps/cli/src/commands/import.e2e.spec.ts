import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { openSqliteEventStore } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { demoFacts, type GivenFacts, ndjson, shopEvents, writeNdjson } from '../testing/given-facts';
import { describeStoreFile, givenLogs, isOnServer } from '../testing/given-logs';
import { givenProgram } from '../testing/given-program';

const program = givenProgram();
const logs = givenLogs(program);
afterAll(async () => {
  await logs.close();
  program.remove();
});

let given: GivenFacts;
beforeAll(async () => {
  given = await demoFacts(isOnServer ? 3 : 15);
  writeNdjson(program.path('facts.ndjson'), given.facts);
});

const on = (name: string, ...args: ReadonlyArray<string>): Promise<ReadonlyArray<string>> =>
  logs.on(name, given.clock, ...args);
/** Of a log on a server it lies where an embedded log would. */
const quarantine = isOnServer ? './data/afecto.quarantine.db' : 'mixed.quarantine.db';

describe('afecto import', () => {
  // coverage: 33
  it('takes facts in, projects them, and says so for machines; the same again is all duplicates', async () => {
    const first = await program.ask(await on('machines', '--json', 'import', 'facts.ndjson'));
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(first.stdout)).toMatchObject({
      accepted: given.facts.length,
      duplicates: 0,
      rejected: 0,
      interrupted: false,
      quarantineFile: null,
      projected: { facts: given.facts.length, customers: given.parties },
      report: { format: 'ndjson', lines: given.facts.length },
    });
    const second = await program.ask(await on('machines', '--json', 'import', 'facts.ndjson'));
    expect(second.code).toBe(0);
    expect(JSON.parse(second.stdout)).toMatchObject({ accepted: 0, duplicates: given.facts.length, rejected: 0 });
  });

  it('reads standard input, and tells a person without control characters when nobody is at the terminal', async () => {
    const ended = await program.run(await on('people', 'import', '-'), { input: ndjson(given.facts) });
    expect(ended.code).toBe(0);
    expect(ended.stdout).toContain('facts accepted, 0 were here before, 0 refused');
    expect(ended.stdout).toContain(`s: ${given.parties} customers`);
    expect(ended.stderr).toMatch(/^ {2}facts in: /m);

    expect(`${ended.stdout}${ended.stderr}`).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
  });

  it.each([
    ['--reporting-currency', 'EUR'],
    ['--exchange-rate', '1.2'],
  ])('refuses %s for facts, which say their currency themselves, instead of ignoring it', async (option, value) => {
    const ended = await program.ask(await on('currency', '--json', 'import', 'facts.ndjson', option, value));
    expect(ended.code).toBe(2);
    expect(JSON.parse(ended.stdout)).toEqual({
      error: '--reporting-currency and --exchange-rate are for CSV: a fact says its currency itself.',
    });
  });

  it('keeps refused facts in the quarantine that it names, takes their neighbours, and exits with 1', async () => {
    const [first, second] = given.facts;
    const refused = { ...second, id: 'wrong', time: 'yesterday' };
    const future = { ...second, id: 'future', time: '2031-01-01T00:00:00.000Z' };
    writeFileSync(program.path('mixed.ndjson'), `${ndjson([first, refused, future])}{"no json\n`);
    const ended = await program.ask(await on('mixed', 'import', 'mixed.ndjson'));
    expect(ended.code).toBe(1);
    expect(ended.stdout).toContain('1 fact accepted, 0 were here before, 2 refused');
    expect(ended.stdout).toMatch(/refused wrong: ValidationFailed, \/time must be/);
    expect(ended.stdout).toContain('refused future: OccurredInFuture, /time must not be later than');
    expect(ended.stdout).toContain(`kept with their reason in ${quarantine} (2 in all)`);
    expect(ended.stdout).toContain('line 4: 9 characters');
    // The end of the data is what --as-of is offered with: a refused fact of the future is none.
    expect(ended.stdout).toContain(`, the last at ${first?.time}\n`);
    expect(existsSync(program.path(quarantine))).toBe(true);

    const machine = await program.ask(await on('mixed', '--json', 'import', 'mixed.ndjson'));
    expect(machine.code).toBe(1);
    expect(JSON.parse(machine.stdout)).toMatchObject({
      accepted: 0,
      duplicates: 1,
      rejected: 2,
      quarantineFile: quarantine,
      reasons: [{ id: 'wrong' }, { id: 'future' }],
    });
  });

  it('exits with 1 when the only thing wrong is a line that is no fact', async () => {
    const ended = await program.run(await on('lines', 'import', '-'), {
      input: `${ndjson(given.facts.slice(0, 1))}[1]\n`,
    });
    expect(ended.code).toBe(1);
    expect(ended.stdout).toContain('1: lines that are no JSON object');
  });

  it.each([
    ['a missing file', ['import', 'nowhere.ndjson'], 'There is no file nowhere.ndjson.'],
    ['a folder', ['import', '.'], '. is a folder, not a file.'],
    ['no file', ['import'], 'import needs a FILE, or - for standard input.'],
    [
      'an unknown format',
      ['import', '--format', 'xml', 'facts.ndjson'],
      'Allowed choices are ndjson, superstore, online-retail, afecto-export.',
    ],
    ['an unknown scheme', ['--store', 'mongo:x', 'import', 'facts.ndjson'], 'has the unknown scheme "mongo"'],
    ['a bad clock', ['--clock', 'noon', 'import', 'facts.ndjson'], '--clock must be an RFC 3339 UTC instant'],
    [
      'a missing exchange rate',
      ['import', '--format', 'superstore', '--reporting-currency', 'EUR'],
      'give a positive exchange rate',
    ],
    ['a senseless exchange rate', ['import', '--exchange-rate', 'x', 'facts.ndjson'], 'must be a number above 0'],
  ])('refuses %s with a sentence and exit 2, and begins no store', async (_what, args, sentence) => {
    const ended = await program.ask(['--store', 'sqlite:never.db', ...args]);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain(sentence);
    expect(ended.stderr).not.toContain('    at ');
    expect(existsSync(program.path('never.db'))).toBe(false);
  });
});

// Reading Superstore is the same wherever its ten thousand facts go.
describeStoreFile('an import into a file', () => {
  it('takes Superstore, which comes along, and prints figures that agree', async () => {
    const ended = await program.run(['--store', 'sqlite:superstore.db', 'import', '--format', 'superstore']);
    expect(ended.code).toBe(0);
    expect(ended.stdout).toMatch(/^ {2}figures .*\n {2}customers +\d+/);
    expect(ended.stdout).toContain('Everything agrees.');
    expect(ended.stdout).toMatch(/add --as-of 201\d-/);
  });

  it.each([
    ['a header that lacks columns', 'InvoiceNo;StockCode\n', 'The header lacks InvoiceNo, StockCode, Description'],
    [
      'a line that is none of the format',
      'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\nno,row\n',
      'line 2: no,row',
    ],
  ])('exits with 1 for %s', async (_, text, told) => {
    writeFileSync(program.path('lines.csv'), text);
    const args = ['import', '--format', 'online-retail', 'lines.csv'];
    const ended = await program.ask(['--store', 'sqlite:csv.db', ...args]);
    expect(ended).toMatchObject({ code: 1, stdout: expect.stringContaining(told) });
  });

  it('names the process that holds the store', async () => {
    const file = program.path('held.db');
    const store = openSqliteEventStore({ file, clock: Date.now });
    if (E.isLeft(store)) throw new Error(store.left.message);
    const ended = await program.ask(await on('held', 'import', 'facts.ndjson'));
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain(`already open for writing by process ${process.pid}`);
    await store.right.close();
  });

  it('refuses a damaged store and changes nothing', async () => {
    writeFileSync(program.path('damaged.db'), Buffer.alloc(8_192, 'x'));
    const ended = await program.ask(await on('damaged', '--json', 'import', 'facts.ndjson'));
    expect(ended.code).toBe(2);
    expect(JSON.parse(ended.stdout)).toEqual({ error: expect.stringContaining('damaged.db') });
  });

  it('tells of a folder that cannot be made in a sentence', async () => {
    writeFileSync(program.path('file'), '');
    const ended = await program.ask(['--store', 'sqlite:file/afecto.db', 'import', 'facts.ndjson']);
    expect(ended.code).toBe(2);
    expect(ended.stderr).not.toContain('    at ');
    mkdirSync(program.path('folder.db'));
    const folder = await program.ask(await on('folder', 'import', 'facts.ndjson'));
    expect(folder.code).toBe(2);
    expect(folder.stderr).toContain('it is not a file');
  });

  it('verify finds nothing wrong with a log that it cannot open: it says so, and how it can be', async () => {
    mkdirSync(program.path('closed.db'));
    const folder = await program.ask(await on('closed', 'verify'));
    expect({ code: folder.code, stdout: folder.stdout }).toEqual({ code: 2, stdout: '' });
    expect(folder.stderr).toContain('cannot be opened: it is not a file. Nothing was checked.');
    await program.ask(await on('kept', 'import', 'facts.ndjson'));
    mkdirSync(program.path('kept.db-wal'));
    const { code, stdout, stderr } = await program.ask(await on('kept', 'verify'));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/unable to open database file; SQLite needs .* copy the log .*\. Nothing was checked\./);
  });
});

describe('an import that Ctrl-C interrupts', () => {
  it('ends although whoever writes to its standard input has paused', async () => {
    const facts = Array.from({ length: 700 }, (_, index) =>
      shopEvents(`p${index}-`).registered(`p${index}`, 'Ana', '2014-01-05T10:00:00.000Z'),
    );
    const running = program.start(await logs.on('paused', given.clock, 'import', '-'), { pipesInput: true });
    running.child.stdin?.write(ndjson(facts));
    // A log on a server begins with whose keys it is sealed with.
    while ((await logs.headOf('paused')) < 500n && running.child.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 5));
    running.child.kill('SIGINT');
    expect(await running.ended).toMatchObject({
      code: 130,
      stderr: expect.stringContaining('Interrupted: 500 new facts are in the store, whole.'),
    });
  });

  it('leaves whole facts, says so, and the same command goes on to the same end', async () => {
    const all = await demoFacts(isOnServer ? 20 : 200);
    writeNdjson(program.path('all.ndjson'), all.facts);
    const command = (...args: ReadonlyArray<string>) => logs.on('interrupted', all.clock, ...args);
    const running = program.start(await command('import', 'all.ndjson'));
    while ((await logs.headOf('interrupted')) === 0n && running.child.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 5));
    running.child.kill('SIGINT');
    const ended = await running.ended;
    expect(ended.code).toBe(130);
    expect(ended.stderr).toMatch(/Interrupted: [\d,]+ new facts are in the store, whole\./);
    const before = Number(/([\d,]+) new facts/.exec(ended.stderr)?.[1]?.replaceAll(',', ''));
    expect(before % 500).toBe(0);

    const verified = await program.ask(await command('--json', 'verify'));
    expect(JSON.parse(verified.stdout)).toMatchObject({ ok: true });
    const again = await program.ask(await command('--json', 'import', 'all.ndjson'));
    expect(again.code).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({ accepted: all.facts.length - before, duplicates: before });
  });
});
