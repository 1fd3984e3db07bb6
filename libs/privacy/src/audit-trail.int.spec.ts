import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAuditTrail } from './audit-trail';

const folder = mkdtempSync(join(tmpdir(), 'afecto-trail-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (who: string) => ({
  who,
  why: 'GET /v1/parties/:partyId',
  at: 0,
  parties: new Map([['ana', new Set(['identity', 'content'] as const)]]),
});

describe('the trail of personal reads', () => {
  it('is added to, a line for each read, and never begun anew', async () => {
    const file = join(folder, 'reads.ndjson');
    const failures: string[] = [];
    for (const who of ['shop', 'ada']) {
      const trail = openAuditTrail(file, (message) => failures.push(message));
      trail.record(read(who));
      trail.record({ ...read(who), parties: new Map() });
      await trail.close();
      await trail.close();
    }
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
      ['shop', 'ada'].map((who) => ({
        at: '1970-01-01T00:00:00.000Z',
        who,
        why: 'GET /v1/parties/:partyId',
        parties: [{ partyId: 'ana', classes: ['content', 'identity'] }],
      })),
    );
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(failures).toEqual([]);
  });

  it('writes by itself what has waited, and keeps what cannot be written', async () => {
    const failed = Promise.withResolvers<string>();
    const trail = openAuditTrail(join(folder, 'missing', 'reads.ndjson'), failed.resolve);
    trail.record(read('ada'));
    expect(await failed.promise).toContain('cannot be written');
    await expect(trail.close()).rejects.toThrow('ENOENT');
  });
});
