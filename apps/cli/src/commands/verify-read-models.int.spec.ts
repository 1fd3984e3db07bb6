/**
 * The read models of a server that rests move on with its clock, and so the comparison with a replay failed whenever
 * the replay took longer than a tick.
 */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as turn } from 'node:timers/promises';
import { besideLog, openAfecto } from '@afecto/application';
import * as E from 'fp-ts/Either';
import { checkReadModels } from './verify-read-models';

const folder = mkdtempSync(join(tmpdir(), 'afecto-verify-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const DAY_MS = 86_400_000;

const settingsIn = (name: string, now: () => number) => {
  const eventStore = `sqlite:${join(folder, name, 'afecto.db')}`;
  return {
    eventStore,
    readModels: besideLog(eventStore, 'read-models'),
    quarantine: besideLog(eventStore, 'quarantine'),
    now,
    json: true,
  };
};

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
    const settings = settingsIn('moving', () => now);
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

  /**
   * What a row is found and counted by was not compared with a replay, nor the blocks of 32 days that figures are
   * summed by, nor what each customer adds to them: with any of these damaged a search missed a customer and a
   * report gave a wrong number, and every row was said to equal a replay byte for byte.
   */
  it.each([
    `customer SET search = 'somebody else'`,
    'work_item SET entered_at = entered_at + 1',
    'work_item SET first_action_at = 1',
    'work_item SET due_at = due_at + 1',
    'work_item SET closed_at = 1',
    `work_item SET closed_by = 'auto'`,
    `work_item SET outcome = 'welcomed'`,
    'tally_block SET count = count + 1',
    'tally_block SET block = block + 4000',
    `contribution SET entries = '[1,2,3]'`,
    `contribution SET entries = 'x' || substr(entries, 2)`,
    `contribution SET party_id = 'p9'`,
  ])('finds UPDATE %s', async (damage) => {
    const settings = settingsIn('damaged', () => Date.UTC(2026, 2, 1));
    const opened = await openAfecto(settings);
    if (E.isLeft(opened)) throw new Error(opened.left.message);
    const data = {
      complaintId: 'c1',
      partyId: 'p1',
      channel: 'phone',
      category: 'delivery',
      severity: 3,
    };
    await opened.right.intake.accept([
      registered('p1'),
      { ...registered('p1'), id: 'c1', type: 'ComplaintReceived', data },
    ]);
    expect(await opened.right.projections.waitFor(2n, 10_000)).toBe(true);
    await opened.right.close();
    const check = () => checkReadModels(settings, new AbortController().signal);
    const kept = join(folder, 'kept.db');
    copyFileSync(settings.readModels, kept);
    expect(await check()).toMatchObject({ ok: true });
    const rows = new DatabaseSync(settings.readModels);
    expect(rows.prepare(`UPDATE ${damage}`).run().changes).toBeGreaterThan(0);
    rows.close();
    expect(await check()).toMatchObject({
      ok: false,
      detail: expect.stringContaining('differ from a replay') as unknown,
    });
    copyFileSync(kept, settings.readModels);
  });
});
