/**
 * A system that is killed at the marks of its intake, its projections and its sender, each several times,
 * and started again over the same files each time.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isFactType, isNotificationType } from '@afecto/domain';
import { openSqliteEventStore, type StoredEvent } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { armedCopy, marksIn, readSource } from '../../../../libs/event-store/src/history/testing/fault-build';
import { compiledWorkspace, workspaceIn } from '../../../../libs/gateway/src/testing/gateway-process';
import { demoFacts, writeNdjson } from '../testing/given-facts';
import { givenProgram, type Running } from '../testing/given-program';
import { acknowledgedBy, DRIVER } from '../testing/killed-driver';

const armedSources = [
  'libs/application/src/intake/intake.ts',
  'libs/application/src/system/sender.ts',
  'libs/projections/src/engine/engine.ts',
];
const marks = armedSources.flatMap((file) => marksIn(readSource(file)));
const PUTS_ASIDE = 'the intake has put aside what it refuses';
const CUSTOMERS = 15;
const ROUNDS = 2;
/** As the driver makes them. */
const FACTS_A_CALL = 40;

const armed = mkdtempSync(join(tmpdir(), 'afecto-armed-'));
armedCopy(compiledWorkspace().folder, armed, armedSources);
const program = givenProgram(workspaceIn(armed, join(armed, 'compile-cache')));
afterAll(() => {
  program.remove();
  rmSync(armed, { recursive: true, force: true });
});

/** Loaded before the program: its marks then do what the plan says. */
const PRELOADED = join(armed, 'take-plan.cjs');
writeFileSync(
  PRELOADED,
  `require('./libs/event-store/src/history/programs/fault-actions.js').takePlan(JSON.parse(process.env.FAULT_PLAN));\n`,
);

const eventsIn = async (name: string): Promise<ReadonlyArray<StoredEvent>> => {
  const opened = openSqliteEventStore({ file: program.path(name), clock: Date.now, readOnly: true });
  if (E.isLeft(opened)) throw new Error(opened.left.message);
  const events: StoredEvent[] = [];
  for await (const page of opened.right.readAll()) events.push(...page);
  await opened.right.close();
  return events;
};

/** Whose claims of what kind stand, those taken back left out; of tiers and undone items nothing stands for ever. */
const standing = (events: ReadonlyArray<StoredEvent>): ReadonlyArray<string> => {
  const claims = new Map<string, string>();
  for (const { type, data, metadata } of events) {
    if (!isNotificationType(type)) continue;
    const { claim, supersedes = [] } = metadata;
    for (const wrong of Array.isArray(supersedes) ? supersedes : []) claims.delete(String(wrong));
    const isUndone = typeof data === 'object' && data !== null && 'closedBy' in data && data.closedBy === 'undone';
    if (type !== 'TierChanged' && !isUndone) claims.set(String(claim), `${type} ${String(claim)}`);
  }
  return [...claims.values()].toSorted();
};

describe('kill -9 at every mark of the service', () => {
  it('loses and doubles no fact and no notification, and leaves the projections of a rebuild', async () => {
    expect(marks.length).toBeGreaterThan(7);
    expect(marks).toContain(PUTS_ASIDE);
    const { facts, clock } = await demoFacts(CUSTOMERS);
    // What is refused comes last: a call with it in it is not counted as acknowledged.
    writeNdjson(program.path('all.ndjson'), [...facts, { ...facts.at(-1), id: 'refused', type: 'OrderForgotten' }]);
    const start = (name: string, plan: ReadonlyArray<object> = []): Running =>
      program.start(['following', `sqlite:${name}.db`, clock, 'all.ndjson'], {
        ...DRIVER,
        environment: { NODE_OPTIONS: `--require ${PRELOADED}`, FAULT_PLAN: JSON.stringify(plan) },
      });

    const early = marks.filter((mark) => mark !== PUTS_ASIDE);
    const kills = [...Array.from({ length: ROUNDS }, () => early).flat(), PUTS_ASIDE];
    const calls = Math.floor(facts.length / FACTS_A_CALL);
    let acknowledged = 0;
    for (const [kill, mark] of kills.entries()) {
      // The intake passes its marks also for what it has taken before; the others only for what is new.
      const done = Math.floor((calls * kill) / kills.length);
      const hit = mark !== PUTS_ASIDE && mark.startsWith('the intake') ? done + 1 : 1;
      const running = start('killed', [{ at: mark, hit, action: 'kill' }]);
      expect([mark, (await running.ended).signal]).toEqual([mark, 'SIGKILL']);
      acknowledged = Math.max(acknowledged, await acknowledgedBy(running));
      const known = (await eventsIn('killed.db')).filter(({ type }) => isFactType(type));
      expect(known.length).toBeGreaterThanOrEqual(acknowledged);
    }
    for (const name of ['killed', 'spared']) expect(await start(name).ended).toMatchObject({ code: 0, stderr: '' });

    const [killed, spared] = [await eventsIn('killed.db'), await eventsIn('spared.db')];
    const factIds = (events: ReadonlyArray<StoredEvent>): ReadonlyArray<string> =>
      events.filter(({ type }) => isFactType(type)).map(({ id }) => id);
    expect(factIds(killed)).toEqual(factIds(spared));
    expect(factIds(killed)).toHaveLength(facts.length);
    expect(new Set(killed.map(({ id }) => id)).size).toBe(killed.length);
    expect(standing(spared).length).toBeGreaterThan(CUSTOMERS);
    expect(standing(killed)).toEqual(standing(spared));
    const command = ['--store', 'sqlite:killed.db', '--clock', clock, '--json'];
    const plain = { environment: { NODE_OPTIONS: '' } };
    expect(JSON.parse((await program.run([...command, 'verify'], plain)).stdout)).toMatchObject({ ok: true });
    const rebuilt = await program.run([...command, 'rebuild'], plain);
    expect(JSON.parse(rebuilt.stdout)).toMatchObject({ comparison: { equal: true } });
  });
});
