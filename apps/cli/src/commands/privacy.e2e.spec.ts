import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { describeStoreFile, givenLogs } from '../testing/given-logs';
import { givenProgram } from '../testing/given-program';
import { shopEvents, writeNdjson } from '../testing/given-facts';

const program = givenProgram();
const logs = givenLogs(program);
afterAll(async () => {
  await logs.close();
  program.remove();
});

const NAME = 'Ana Pérez Quintanilla';
const MAIL = 'Ana.Perez@example.org';
const COMMENT = 'The parcel stood in the rain for hours';

const shop = shopEvents('e');
const timeOf = (day: number): string => `2026-01-${String(day).padStart(2, '0')}T10:00:00.000Z`;
const event = (type: string, day: number, subject: string, data: object) =>
  shop.event(type, timeOf(day), subject, data);
const registered = (partyId: string, displayName: string) => shop.registered(partyId, displayName, timeOf(1));

const facts = [
  registered('ana', NAME),
  registered('bea', 'Bea Robles'),
  event('PartyIdentified', 2, 'ana', {
    partyId: 'ana',
    identifiers: [{ scheme: 'email', value: MAIL, verified: true, preferred: true, valid: true }],
  }),
  event('SurveyAnswered', 3, 'ana', {
    surveyId: 's1',
    partyId: 'ana',
    instrument: 'nps',
    score: 9,
    scaleMin: 0,
    scaleMax: 10,
    verbatim: COMMENT,
  }),
  event('ReferralMade', 4, 'bea', {
    referralId: 'r1',
    referrerId: 'bea',
    referredId: 'ana',
    channel: 'web',
    contact: MAIL,
  }),
];

const command = async (...args: ReadonlyArray<string>) =>
  program.ask(await logs.on('shop', '2026-02-01T00:00:00Z', ...args));
const inJson = async (...args: ReadonlyArray<string>): Promise<Record<string, unknown>> =>
  JSON.parse((await command('--json', ...args)).stdout) as Record<string, unknown>;

beforeAll(async () => {
  writeNdjson(program.path('facts.ndjson'), facts);
  writeFileSync(program.path('values.txt'), `${NAME}\n${MAIL}\n${COMMENT}\n`);
  expect(await command('import', 'facts.ndjson')).toMatchObject({ code: 0 });
});

describe('afecto privacy', () => {
  it('keeps keys and master key in files of their own', () => {
    const names = readdirSync(program.folder);
    expect(names).toEqual(expect.arrayContaining(['shop.db', 'shop.keys.db', 'shop.master-key']));
    expect(statSync(program.path('shop.master-key')).mode & 0o777).toBe(0o600);
    for (const name of ['shop.db', 'shop.db-wal'].filter((file) => names.includes(file)))
      expect(readFileSync(program.path(name)).includes('Quintanilla')).toBe(false);
  });

  /*
   * An empty key store took the master key that lay there for its own: a rotation then replaced the only key that
   * opened the real one, and of an erasure everything counted as what nobody can open.
   */
  it.each([
    ['is missing', 'mistyped.keys.db', /is sealed, and its key store mistyped\.keys\.db is missing/],
    [
      'is that of another log',
      'other.keys.db',
      /sealed under the keys of (another key store|key store [0-9a-f]{32}), and .*other\.keys\.db is key store/,
    ],
  ])('neither rotates a master key nor shows an erasure when the key store %s', async (_, keyStore, message) => {
    writeNdjson(program.path('other.ndjson'), [registered('eva', 'Eva Sanz')]);
    expect(await program.ask(await logs.on('other', '2026-02-01T00:00:00Z', 'import', 'other.ndjson'))).toMatchObject({
      code: 0,
    });
    const key = keyStore.replace('mistyped', 'shop').replace('keys.db', 'master-key');
    const before = readFileSync(program.path(key));
    for (const words of [['rotate-master-key'], ['verify-erasure', 'ana', '--values', 'values.txt']])
      expect(
        await program.run(await logs.on('shop', '2026-02-01T00:00:00Z', 'privacy', ...words), {
          environment: { AFECTO_KEY_STORE: keyStore, AFECTO_MASTER_KEY_FILE: key },
        }),
      ).toMatchObject({ code: 2, stderr: expect.stringMatching(message) as unknown });
    expect(readFileSync(program.path(key))).toEqual(before);
    expect(existsSync(program.path('mistyped.keys.db'))).toBe(false);
  });

  it('rotates the master key, and every name is there as before', async () => {
    const before = readFileSync(program.path('shop.master-key'));
    expect(await inJson('privacy', 'rotate-master-key')).toMatchObject({ keys: 4 });
    expect(readFileSync(program.path('shop.master-key'))).not.toEqual(before);
    expect(await inJson('profile', 'ana')).toMatchObject({ identity: { displayName: NAME } });
  });

  it('hands over everything of a party, and nothing of another', async () => {
    const handed = await inJson('privacy', 'export', 'bea');
    expect(handed).toMatchObject({ partyId: 'bea', profile: { identity: { displayName: 'Bea Robles' } } });
    expect(JSON.stringify(handed)).toContain('ReferralMade');
    expect(JSON.stringify(handed)).not.toContain(MAIL);
    expect(JSON.stringify(await inJson('privacy', 'export', 'ana'))).toContain(COMMENT);
    expect(await command('export', 'all.ndjson')).toMatchObject({ code: 0 });
    rmSync(program.path('all.ndjson'));
    const reads = readFileSync(program.path('shop.reads.ndjson'), 'utf8').trim().split('\n');
    expect(reads.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { why: 'afecto profile', parties: [{ partyId: 'ana', classes: ['content', 'identity'] }] },
      { why: 'afecto privacy export', parties: [{ partyId: 'bea', classes: ['content', 'identity'] }] },
      { why: 'afecto privacy export', parties: [{ partyId: 'ana' }] },
      { why: 'afecto export', parties: [{ partyId: '*' }] },
    ]);
  });

  it('says that nothing is erased, by file and place, as long as it is not', async () => {
    const { code, stdout } = await command('privacy', 'verify-erasure', 'ana', '--values', 'values.txt');
    expect(code).toBe(1);
    expect(stdout).toMatch(/shop\.read-models\.db at byte \d+: value 1/);
    expect(stdout).toContain('4 that can be opened');
    expect(stdout).not.toContain(NAME);
  });

  it('erases, and shows it over all files and what is named besides', async () => {
    for (const suffix of ['', '-wal'])
      if (existsSync(program.path(`shop.db${suffix}`)))
        copyFileSync(program.path(`shop.db${suffix}`), program.path(`before.db${suffix}`));
    expect(await command('privacy', 'erase', 'ana', '--evidence', 'passport')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('ValidationFailed') as unknown,
    });
    const erased = await command('privacy', 'erase', 'ana', '--evidence', 'passport', '--basis', 'request');
    expect(erased).toMatchObject({ code: 0, stdout: expect.stringContaining('1 party') as unknown });
    expect(await command('privacy', 'verify-erasure', 'ana', '--values', 'values.txt')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Erased.') as unknown,
    });
    expect(await inJson('--as-of', '2026-01-20T00:00:00Z', 'profile', 'ana')).toMatchObject({
      identity: { displayName: null },
    });
    mkdirSync(program.path('backup'));
    writeFileSync(program.path('backup/customers.csv'), `id,name\nana,${NAME}\n`);
    const elsewhere = await command('privacy', 'verify-erasure', 'ana', '--values', 'values.txt', '--also', 'backup');
    expect(elsewhere).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('customers.csv at byte 12') as unknown,
    });
    expect(await command('verify')).toMatchObject({ code: 0 });
  });

  // The refusal said how many obligations are open, and no command says which: nobody could close or waive them.
  it('names the obligations that stand against an erasure, as --waive takes them', async () => {
    const complaint = { complaintId: 'k-9', partyId: 'bea', channel: 'phone', category: 'delivery', severity: 2 };
    writeNdjson(program.path('open.ndjson'), [event('ComplaintReceived', 5, 'bea', complaint)]);
    expect(await command('import', 'open.ndjson')).toMatchObject({ code: 0 });
    const erase = ['privacy', 'erase', 'bea', '--evidence', 'passport', '--basis', 'request'];
    expect(await command(...erase)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^OpenObligations: 1 obligations are open.*\n {2}complaint k-9$/m),
    });
    expect(await command(...erase, '--waive', 'k-9')).toMatchObject({ code: 0 });
  });

  it.each([
    ['a file that is not there', ['--values', 'none.txt'], 2],
    ['nothing to look for', ['--values', 'empty.txt'], 2],
    ['a value that is everywhere', ['--values', 'short.txt'], 2],
  ])('refuses to show an erasure by %s', async (_, args, code) => {
    writeFileSync(program.path('empty.txt'), '\n\n');
    writeFileSync(program.path('short.txt'), 'ab\n');
    expect(await command('privacy', 'verify-erasure', 'ana', ...args)).toMatchObject({ code });
  });
});

describeStoreFile('a log of before an erasure, with the keys of after it', () => {
  it('has nothing that opens, and is no proof: no erasure is in it', async () => {
    const { code, stdout } = await program.run(
      ['--store', 'sqlite:before.db', 'privacy', 'verify-erasure', 'ana', '--values', 'values.txt'],
      { environment: { AFECTO_KEY_STORE: 'shop.keys.db', AFECTO_MASTER_KEY_FILE: 'shop.master-key' } },
    );
    expect(stdout).toContain('4 that nobody can open, 0 that can be opened, 0 in clear');
    expect(stdout).toContain('Not erased: the log has no erasure of ana.');
    expect(code).toBe(1);
  });
});
