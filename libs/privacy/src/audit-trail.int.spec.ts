import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkAuditTrail, openAuditTrail } from './audit-trail';

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
    expect(trail.failure()).toBeNull();
    expect(await failed.promise).toContain('cannot be written');
    expect(trail.failure()).toContain('ENOENT');
    await expect(trail.close()).rejects.toThrow('ENOENT');
  });

  it('writes what has waited when it can be written again, in the order in which it came', async () => {
    const failed = Promise.withResolvers<string>();
    const later = join(folder, 'later');
    const file = join(later, 'reads.ndjson');
    const trail = openAuditTrail(file, failed.resolve);
    trail.record(read('ada'));
    await failed.promise;
    trail.record(read('shop'));
    mkdirSync(later);
    while (trail.failure() !== null) await new Promise((resolve) => setTimeout(resolve, 20));
    await trail.close();
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    expect(lines.map((line) => Reflect.get(JSON.parse(line), 'who') as unknown)).toEqual(['ada', 'shop']);
  });

  it.each([
    ['below a file', (name: string) => writeFileSync(join(folder, name), 'mine'), 'x/reads.ndjson'],
    ['that is a link to nowhere', (name: string) => symlinkSync(join(folder, 'no', 'where'), join(folder, name)), 'x'],
  ])('cannot be in a place %s: that is said before anything is shown', (what, make, place) => {
    const name = what.replaceAll(' ', '-');
    make(name);
    expect(checkAuditTrail(join(folder, place.replace('x', name)))).toMatchObject({ _tag: 'Left' });
  });

  it('makes its file, and the folder of it, when it is looked at', () => {
    const file = join(folder, 'new', 'reads.ndjson');
    expect(checkAuditTrail(file)).toMatchObject({ _tag: 'Right' });
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});
