import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gatewayOver, type GatewayOver } from '../../../../libs/gateway/src/testing/gateway-process';
import { demoFacts, writeNdjson } from '../testing/given-facts';
import { givenProgram } from '../testing/given-program';

const program = givenProgram();
const folder = mkdtempSync(join(tmpdir(), 'afecto-gateways-'));
const gateways: GatewayOver[] = [];
afterAll(async () => {
  for (const gateway of gateways) await gateway.close();
  rmSync(folder, { recursive: true, force: true });
  program.remove();
});

/** A gateway over a log of its own; its connection string. */
const servedAt = async (log: string): Promise<string> => {
  const gateway = await gatewayOver(join(folder, log));
  gateways.push(gateway);
  return `esdb://127.0.0.1:${gateway.port}?tls=false`;
};

const CLOCK = '2019-01-01T00:00:00Z';
const FACTS = 150;

/** The command line with its log at `store`, and its read models under a name of their own. */
const run = (store: string, name: string, ...args: ReadonlyArray<string>) =>
  program.ask(['--store', store, '--read-models', `${name}.read-models.db`, '--clock', CLOCK, '--json', ...args]);

const json = (text: string): unknown => JSON.parse(text);

describe('a log on a server', () => {
  let store = '';
  beforeAll(async () => {
    writeNdjson(program.path('facts.ndjson'), (await demoFacts()).facts.slice(0, FACTS));
    store = await servedAt('first.db');
  });

  it('takes an import, and the same again changes nothing', async () => {
    const first = await run(store, 'first', 'import', 'facts.ndjson');
    expect({ code: first.code, ...Object(json(first.stdout)) }).toMatchObject({ code: 0, accepted: FACTS });
    const again = await run(store, 'first', 'import', 'facts.ndjson');
    expect(json(again.stdout)).toMatchObject({ accepted: 0, duplicates: FACTS });
  });

  it('gives the same answers as the same facts in a file', async () => {
    await run('sqlite:file.db', 'file', 'import', 'facts.ndjson');
    const [there, here] = [await run(store, 'first', 'zones'), await run('sqlite:file.db', 'file', 'zones')];
    expect(there.code).toBe(0);
    const { position: _there, ...answer } = Object(json(there.stdout));
    const { position: _here, ...expected } = Object(json(here.stdout));
    expect(answer).toEqual(expected);
  });

  it('is rebuilt from to the same rows, and verified', async () => {
    const rebuilt = await run(store, 'first', 'rebuild');
    expect(rebuilt).toMatchObject({ code: 0 });
    const verified = await run(store, 'first', 'verify');
    expect(json(verified.stdout)).toMatchObject({ ok: true });
  });

  it('is copied into a file and from there to another server, with equal counts and hashes on all sides', async () => {
    const down = await run(store, 'first', 'copy', '--from', store, '--to', 'sqlite:down.db');
    expect({ code: down.code, ...Object(json(down.stdout)) }).toMatchObject({ code: 0, equal: true, leftOut: 0 });
    const other = await servedAt('second.db');
    const up = await run(store, 'first', 'copy', '--from', 'sqlite:down.db', '--to', other);
    expect(json(up.stdout)).toMatchObject({ equal: true });
    expect(Object(json(up.stdout)).source.hash).toBe(Object(json(down.stdout)).source.hash);
    // The same again finds everything there.
    expect(json((await run(store, 'first', 'copy', '--from', 'sqlite:down.db', '--to', other)).stdout)).toMatchObject({
      equal: true,
    });
  });

  it('keeps when each fact was known through a copy', async () => {
    const known = await run('sqlite:down.db', 'down', 'zones');
    expect(known.code).toBe(0);
    const verified = await run('sqlite:down.db', 'down', 'verify');
    expect(json(verified.stdout)).toMatchObject({ ok: true });
  });

  it('a copy of a log that has grown goes on where it ended', async () => {
    writeNdjson(program.path('more.ndjson'), (await demoFacts()).facts.slice(FACTS, 2 * FACTS));
    await run('sqlite:file.db', 'file', 'copy', '--from', 'sqlite:file.db', '--to', 'sqlite:grown.db');
    await run('sqlite:file.db', 'file', 'import', 'more.ndjson');
    for (const to of ['sqlite:grown.db', await servedAt('grown.db'), 'sqlite:grown.db']) {
      const copied = await run('sqlite:file.db', 'file', 'copy', '--from', 'sqlite:file.db', '--to', to);
      expect({ code: copied.code, ...Object(json(copied.stdout)) }).toMatchObject({ code: 0, equal: true });
    }
  });

  it('read models of another log are built anew, also when it is a copy with other positions', async () => {
    // The same facts in another order of streams: the copy's positions are others from the first on.
    await run('sqlite:grown.db', 'moved', 'zones');
    const there = await run(store, 'moved', 'zones');
    const own = await run(store, 'first', 'zones');
    expect(json(there.stdout)).toEqual(json(own.stdout));
  });

  it('a copy over other events is refused and says what differs', async () => {
    await run('sqlite:other.db', 'other', 'import', 'facts.ndjson');
    const refused = await run(store, 'first', 'copy', '--from', 'sqlite:other.db', '--to', 'sqlite:down.db');
    expect(refused.code).toBe(1);
    expect(refused.stdout).toMatch(/is in the target with another content|holds another log/);
  });

  // A copy keeps when its events were recorded first, so copied onto itself it finds every event as it is: the answer
  // was "copied; both sides have sha-256 …" with exit code 0, and whoever mistyped a name had no copy.
  it('a log is no copy of itself, by whatever name', async () => {
    const pairs = [
      ['sqlite:down.db', 'sqlite:./down.db'],
      ['sqlite:not-there-yet.db', 'sqlite:./not-there-yet.db'],
      [store, store.replace('esdb://', 'esdb://admin:changeit@')],
    ];
    for (const [from = '', to = ''] of pairs) {
      const refused = await run(store, 'first', 'copy', '--from', from, '--to', to);
      expect({ code: refused.code, ...Object(json(refused.stdout)) }).toEqual({
        code: 2,
        error: '--from and --to are one log; nothing was copied.',
      });
    }
  });
});
