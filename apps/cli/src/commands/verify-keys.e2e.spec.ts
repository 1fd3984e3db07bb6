import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import { demoFacts, writeNdjson } from '../testing/given-facts';
import { describeStoreFile } from '../testing/given-logs';
import { givenProgram } from '../testing/given-program';

const program = givenProgram();
afterAll(() => program.remove());

const PAGE = 4_096;

/*
 * `verify` ended with `database disk image is malformed` (exit 2) when it met a damaged page of the key store, with
 * no finding and no file: whoever looks for what is damaged suspected the log, which was whole.
 */
describeStoreFile('afecto verify over a key store with a damaged page', () => {
  it('names the key store, and says of the log that it is whole', async () => {
    const { facts, clock } = await demoFacts(60);
    writeNdjson(program.path('facts.ndjson'), facts);
    const on = ['--store', 'sqlite:shop.db', '--clock', clock, '--json'];
    expect(await program.ask([...on, 'import', 'facts.ndjson'])).toMatchObject({ code: 0 });
    const keys = program.path('shop.keys.db');
    const pages = Math.floor(statSync(keys).size / PAGE);
    expect(pages).toBeGreaterThan(4);
    const descriptor = openSync(keys, 'r+');
    writeSync(descriptor, Buffer.alloc(PAGE, 7), 0, PAGE, (pages - 1) * PAGE);
    closeSync(descriptor);

    const { code, stdout } = await program.ask([...on, 'verify']);
    expect({ code, body: JSON.parse(stdout) }).toMatchObject({
      code: 1,
      body: {
        ok: false,
        findings: [
          { check: 'log file', ok: true },
          { check: 'log', ok: true },
          { check: 'checkpoints', ok: true },
          { check: 'keys', ok: false, detail: expect.stringContaining('the key store shop.keys.db cannot be read') },
        ],
      },
    });
  });
});
