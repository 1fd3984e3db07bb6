import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type ConsistencyProof, holds, type InclusionProof, removeTree } from '@afecto/audit';
import { demoFacts, type GivenFacts, writeNdjson } from '../testing/given-facts';
import { givenLogs, isOnServer } from '../testing/given-logs';
import { type Ended, givenProgram } from '../testing/given-program';

const program = givenProgram();
const logs = givenLogs(program);
afterAll(async () => {
  await logs.close();
  program.remove();
});

let given: GivenFacts;
const ask = async (...args: ReadonlyArray<string>): Promise<Ended> =>
  program.ask(await logs.on('shop', given.clock, ...args));
const answer = async (...args: ReadonlyArray<string>): Promise<unknown> => {
  const { stdout, stderr, code } = await ask('--json', ...args);
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  return JSON.parse(stdout);
};

/** The two kinds of proof as the program has written them. */
const proofIn = (name: string): InclusionProof | ConsistencyProof =>
  JSON.parse(readFileSync(program.path(name), 'utf8'));

const PYTHON = spawnSync('python3', ['--version']).status === 0;
const SCRIPT = join(__dirname, '../../../../docs/verify_proof.py');
/** What the script says of each file, a line each. */
const checked = (names: ReadonlyArray<string>): ReadonlyArray<string> => {
  const { status, stdout } = spawnSync('python3', [SCRIPT, ...names.map(program.path)], { encoding: 'utf8' });
  const said = stdout.trimEnd().split('\n');
  expect(status).toBe(said.every((line) => line.startsWith('holds')) ? 0 : 1);
  return said;
};

let first: { readonly size: number; readonly root: string };

beforeAll(async () => {
  given = await demoFacts(4);
  writeNdjson(program.path('facts.ndjson'), given.facts);
  expect((await ask('import', 'facts.ndjson')).code).toBe(0);
});

describe('afecto checkpoint', () => {
  it('signs the log as it is, makes the key, keeps the checkpoint in the log, and says so again when nothing is new', async () => {
    const taken = await answer('checkpoint', '--out', 'first.txt');
    // On a server the log begins with the name of its key store.
    expect(taken).toMatchObject({ size: given.facts.length + (isOnServer ? 1 : 0), kept: true, file: 'first.txt' });
    expect(await answer('checkpoint', '--out', 'again.txt')).toEqual({ ...Object(taken), file: 'again.txt' });
    first = Object(taken);
    const [origin, size, root] = readFileSync(program.path('first.txt'), 'utf8').split('\n');
    expect({ origin, size, root }).toEqual({
      origin: expect.stringMatching(/^afecto\/[0-9a-f-]{36}$/),
      size: String(first.size),
      root: first.root,
    });
    const key = program.path('shop.signing-key.pem');
    expect([existsSync(key), statSync(key).mode & 0o777]).toEqual([true, 0o600]);
    expect(await answer('checkpoint', '--public-key', '--out', 'key.pem')).toMatchObject({
      verifierKey: expect.stringMatching(/^afecto\/[0-9a-f-]{36}\+[0-9a-f]{8}\+[\w+/]+=*$/),
    });
    expect(readFileSync(program.path('key.pem'), 'utf8')).toContain('BEGIN PUBLIC KEY');
  });

  it('--all exports those of the log', async () => {
    expect((await ask('review')).code).toBe(0);
    expect(await answer('checkpoint')).toMatchObject({ kept: true });
    const all = await answer('checkpoint', '--all', '--out', 'all.txt');
    expect(all).toEqual({ file: 'all.txt', checkpoints: [expect.any(String), expect.any(String)] });
    expect(readFileSync(program.path('all.txt'), 'utf8')).toContain(readFileSync(program.path('first.txt'), 'utf8'));
  });
});

describe('afecto verify', () => {
  it('compares the log with the tree and with checkpoints in it and from outside, under a key from outside', async () => {
    const verified = await answer('verify', '--checkpoint', 'first.txt', 'all.txt', '--public-key', 'key.pem');
    expect(verified).toMatchObject({ ok: true, log: { first: null } });
    expect(Object(verified).checkpoints).toHaveLength(5);
    const { stdout } = await ask('verify');
    expect(stdout).toMatch(/^ok {6}log: [\d,]+ events in order .*; the tree file has .* alike$/m);
    expect(stdout).toMatch(
      /^ok {6}checkpoints: 2 checkpoints in the log and 0 from outside, signed with key [0-9a-f]{8} as /m,
    );
  });

  it('refuses checkpoints that another key has signed, and files that are none', async () => {
    const none = await ask('verify', '--checkpoint', 'key.pem');
    expect({ code: none.code, stdout: none.stdout }).toEqual({
      code: 1,
      stdout: expect.stringMatching(/^FAILED {2}checkpoints: key\.pem: it is no checkpoint/m),
    });
    const forged = readFileSync(program.path('first.txt'), 'utf8').replace(/\n\d+\n/, '\n2\n');
    writeFileSync(program.path('forged.txt'), forged);
    const { code, stdout } = await ask('verify', '--checkpoint', 'forged.txt');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^FAILED {2}checkpoints: forged\.txt: it has no valid signature of a known key$/m);
    expect((await ask('verify', '--public-key', 'nowhere.pem')).code).toBe(2);
  });
});

describe('afecto proof', () => {
  it('proves that an event is in the log of a checkpoint', async () => {
    const { stdout } = await ask('--json', 'proof', anEventId(), '--out', 'inclusion.json');
    expect(JSON.parse(stdout)).toMatchObject({ file: 'inclusion.json' });
    const proof = proofIn('inclusion.json');
    expect([proof.format, holds(proof)]).toEqual(['afecto-inclusion-v1', true]);
    await ask('proof', anEventId(), '--checkpoint', 'first.txt', '--out', 'early.json');
    expect(proofIn('early.json')).toMatchObject({ size: first.size, root: first.root });
  });

  it('proves that the log has only grown', async () => {
    const size = String(first.size);
    const { stdout, code } = await ask('proof', '--from', size, '--out', 'growth.json');
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('is the beginning of that of') });
    const proof = proofIn('growth.json');
    expect(holds(proof)).toBe(true);
    expect(proof).toMatchObject({
      from: { size: first.size, checkpoint: readFileSync(program.path('first.txt'), 'utf8') },
    });
    await ask('proof', '--from', '1', '--to', '3', '--out', 'bare.json');
    expect([holds(proofIn('bare.json')), proofIn('bare.json')]).toMatchObject([true, { from: { checkpoint: null } }]);
  });

  it('refuses what cannot be proved', async () => {
    for (const [args, why] of [
      [['00000000-0000-4000-8000-000000000000'], 'There is no event'],
      [['--from', '3', '--to', '2'], 'a log only grows'],
      [['--from', '3', '--to', '999999'], 'the log has'],
      [[], 'Name an event'],
    ] as const)
      expect(await ask('proof', ...args)).toMatchObject({ code: 1, stderr: expect.stringContaining(why) });
  });

  if (PYTHON)
    it('is checked by the script in another language, which tells what is proved and finds every change', () => {
      const proofs = ['inclusion.json', 'early.json', 'growth.json', 'bare.json'];
      const included = new RegExp(
        `: event ${anEventId()} is number \\d+ of \\d+: '\\w+', revision \\d+ of '.*', recorded 20`,
      );
      const grown = /: the log of \d+ events is the beginning of that of \d+$/;
      expect(checked(proofs)).toEqual(
        [included, included, grown, grown].map((told) => expect.stringMatching(told) as unknown),
      );
      const changed = proofs.flatMap((name) =>
        changesOf(proofIn(name)).map((change, n) => {
          const file = `changed-${n}-${name}`;
          writeFileSync(program.path(file), JSON.stringify(change));
          return file;
        }),
      );
      expect(changed).toHaveLength(18);
      expect(checked(changed)).toEqual(changed.map(() => expect.stringMatching(/^FAILS/) as unknown));
      expect(changed.filter((name) => holds(proofIn(name)))).toEqual([]);
    });
});

/** The same proof with something in it that is not so. */
const changesOf = (proof: InclusionProof | ConsistencyProof): ReadonlyArray<object> => {
  const root = proof.format === 'afecto-inclusion-v1' ? proof.root : proof.to.root;
  const [sibling] = proof.path;
  return [
    { ...proof, path: proof.path.slice(1) },
    { ...proof, path: [...proof.path, root] },
    { ...proof, path: proof.path.with(-1, root) },
    proof.format === 'afecto-inclusion-v1'
      ? { ...proof, leaf: `${proof.leaf.slice(0, 8)}${proof.leaf[8] === 'A' ? 'B' : 'A'}${proof.leaf.slice(9)}` }
      : { ...proof, from: { ...proof.from, root: sibling } },
    ...(proof.format === 'afecto-inclusion-v1' ? [{ ...proof, eventId: proof.eventId.replace(/./, 'x') }] : []),
  ];
};

/** The id of an event in the middle of the facts. */
const anEventId = (): string => {
  const file = new DatabaseSync(program.path('shop.db'), { readOnly: true });
  const row = file.prepare('SELECT lower(hex(id)) AS id FROM events WHERE position = 5').get();
  file.close();
  return String(row?.['id']).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
};

describe('afecto verify of a log that was changed in its file, behind the back of program and server', () => {
  let serial = 0;
  const forged = async (sql: string) => {
    const name = `forged-${(serial += 1)}`;
    const source = new DatabaseSync(program.path('shop.db'), { readOnly: true });
    source.prepare('VACUUM INTO ?').run(program.path(`${name}.db`));
    source.close();
    const tree = new DatabaseSync(program.path('shop.tree.db'), { readOnly: true });
    tree.prepare('VACUUM INTO ?').run(program.path(`${name}.tree.db`));
    tree.close();
    const file = new DatabaseSync(program.path(`${name}.db`));
    file.exec(sql);
    file.close();
    const on = await logs.on(name, given.clock);
    return {
      ask: (...args: ReadonlyArray<string>) => program.ask([...on, ...args]),
      forgetTree: () => removeTree(program.path(`${name}.tree.db`)),
    };
  };

  it('names the event, and without the tree file what the checkpoints say', async () => {
    const changed = await forged(
      "UPDATE streams SET name = name || 'x' WHERE id = (SELECT stream FROM events WHERE position = 7)",
    );
    const named = await changed.ask('verify');
    expect(named.code).toBe(1);
    expect(named.stdout).toMatch(
      /^FAILED {2}log: the first event that differs is number \d+ \([0-9a-f-]{36} at position \d+\): it is not the event that the tree file knows there/m,
    );
    changed.forgetTree();
    const ranged = await changed.ask('verify');
    expect(ranged.code).toBe(1);
    expect(ranged.stdout).toMatch(
      /^FAILED {2}log: the first event that differs is among events 1 to [\d,]+: they differ/m,
    );
  });

  it('finds a tail that was cut off by the tree file, and without it only by a checkpoint from outside', async () => {
    const last = first.size - 10;
    const changed = await forged(`DELETE FROM events WHERE position > ${last}`);
    const told = await changed.ask('verify');
    expect(told.stdout).toMatch(/it is missing, and [\d,]+ behind it: the tree file knows [\d,]+ events/);
    changed.forgetTree();
    const silent = await changed.ask('--json', 'verify');
    expect(JSON.parse(silent.stdout)).toMatchObject({ log: { events: last, first: null }, checkpoints: [] });
    const outside = await changed.ask('verify', '--checkpoint', 'first.txt', '--public-key', 'key.pem');
    expect(outside.code).toBe(1);
    expect(outside.stdout).toMatch(
      /^FAILED {2}log: the first event that differs is number [\d,]+: it is missing: the checkpoint of .* in first\.txt speaks of/m,
    );
  });
});
