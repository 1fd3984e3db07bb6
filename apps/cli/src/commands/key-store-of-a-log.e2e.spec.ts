import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gatewayOver, type GatewayOver } from '../../../../libs/gateway/src/testing/gateway-process';
import { writeNdjson } from '../testing/given-facts';
import { givenProgram } from '../testing/given-program';

const program = givenProgram();
const folder = mkdtempSync(join(tmpdir(), 'afecto-gateways-'));
let gateway: GatewayOver | null = null;
afterAll(async () => {
  await gateway?.close();
  rmSync(folder, { recursive: true, force: true });
  program.remove();
});

const names: Readonly<Record<string, string>> = { one: 'Ana Pérez', two: 'Bea Robles' };

describe('two processes with read models of their own that come first to a log on a server', () => {
  it('leave one key store in it: the other is refused, and goes on with the keys of the first', async () => {
    gateway = await gatewayOver(join(folder, 'log.db'));
    const store = `esdb://127.0.0.1:${gateway.port}?tls=false`;
    for (const [name, displayName] of Object.entries(names))
      writeNdjson(program.path(`${name}.ndjson`), [
        {
          specversion: '1.0',
          id: name,
          source: 'shop',
          type: 'PartyRegistered',
          time: '2026-01-01T10:00:00.000Z',
          subject: name,
          data: { partyId: name, kind: 'person', displayName, source: 'shop' },
        },
      ]);
    const args = (name: string, ...rest: ReadonlyArray<string>) => [
      ...['--store', store, '--read-models', `${name}.read-models.db`, '--clock', '2026-02-01T00:00:00Z', ...rest],
    ];
    const run = (name: string) => program.run(args(name, 'import', `${name}.ndjson`));
    const ended = await Promise.all(Object.keys(names).map(async (name) => ({ name, ...(await run(name)) })));
    expect(ended.map(({ code }) => code).sort()).toEqual([0, 2]);
    const first = ended.find(({ code }) => code === 0)?.name ?? '';
    const { name: second = '', stderr } = ended.find(({ code }) => code === 2) ?? {};
    expect(stderr).toMatch(
      new RegExp(`key store [0-9a-f]{32}, and ${second}\\.keys\\.db is key store [0-9a-f]{32}: .*AFECTO_KEY_STORE`),
    );
    const environment = { AFECTO_KEY_STORE: `${first}.keys.db` };
    expect(await program.run(args(second, 'import', `${second}.ndjson`), { environment })).toMatchObject({ code: 0 });
    for (const name of [first, second]) {
      const shown = await program.run(args(second, '--json', 'profile', name), { environment });
      expect(JSON.parse(shown.stdout)).toMatchObject({ identity: { displayName: names[name] } });
    }
  });
});
