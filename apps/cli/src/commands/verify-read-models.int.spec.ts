/**
 * The read models of a server that rests move on with its clock, and so the comparison with a replay failed whenever
 * the replay took longer than a tick.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { besideLog, openAfecto } from '@afecto/application';
import * as E from 'fp-ts/Either';
import { checkReadModels } from './verify-read-models';

const folder = mkdtempSync(join(tmpdir(), 'afecto-verify-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const DAY_MS = 86_400_000;

const registered = (partyId: string): object => ({
  specversion: '1.0',
  id: partyId,
  source: 'test',
  type: 'PartyRegistered',
  time: '2026-01-01T00:00:00.000Z',
  subject: partyId,
  data: { partyId, kind: 'person', displayName: `Name of ${partyId}`, source: 'crm' },
});

describe('the check of read models', () => {
  it('holds beside a server whose clock moves on all the time', async () => {
    let now = Date.UTC(2026, 2, 1);
    const eventStore = `sqlite:${join(folder, 'afecto.db')}`;
    const settings = {
      eventStore,
      readModels: besideLog(eventStore, 'read-models'),
      quarantine: besideLog(eventStore, 'quarantine'),
      now: () => now,
      json: true,
    };
    const opened = await openAfecto(settings);
    if (E.isLeft(opened)) throw new Error(opened.left.message);
    const afecto = opened.right;
    await afecto.intake.accept(Array.from({ length: 50 }, (_, index) => registered(`p${index}`)));
    expect(await afecto.projections.waitFor(50n, 10_000)).toBe(true);
    let found: Awaited<ReturnType<typeof checkReadModels>> | null = null;
    const checking = checkReadModels(settings, new AbortController().signal).then((finding) => {
      found = finding;
    });
    let ticks = 0;
    for (; found === null; ticks++) {
      now += DAY_MS;
      await afecto.projections.evaluatedTo(now, 10_000);
      await turn();
    }
    await checking;
    expect(found).toMatchObject({ ok: true, detail: expect.stringContaining('equal to a replay') as unknown });
    expect(ticks).toBeGreaterThan(2);
    await afecto.close();
  });
});
