import { decodeCloudEvent, isFactType } from '@afecto/domain';
import { openSqliteEventStore } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { type GatewayProcess, startProcess } from '../../../../libs/gateway/src/testing/gateway-process';
import { Random } from '../simulator/random';
import { demoFacts, writeNdjson } from '../testing/given-facts';
import { givenLogs } from '../testing/given-logs';
import { acknowledgedBy, DRIVER, killAfter } from '../testing/killed-driver';
import { givenProgram, type Running } from '../testing/given-program';

const KILLS = 6;
const FACTS_A_CALL = 40;

const program = givenProgram();
/** In a process of its own, the one that is killed. */
let gateway: GatewayProcess;
const logs = givenLogs(program, true, async (file, clockFile = null) => {
  gateway = await startProcess(file, 0, clockFile);
  return { port: gateway.port, close: () => gateway.kill() };
});
/** The gateway goes with -9 and comes back at once, on the same port and file. */
const killGateway = async (): Promise<void> => {
  await gateway.kill();
  gateway = await startProcess(program.path('killed.db'), gateway.port, program.path('clock'));
};
afterAll(async () => {
  await logs.close();
  program.remove();
});

/** The ids of all facts in the file of the gateway, read beside it; an id twice or a position twice is an error. */
const idsInLog = async (): Promise<ReadonlySet<string>> => {
  const opened = openSqliteEventStore({ file: program.path('killed.db'), clock: Date.now, readOnly: true });
  if (E.isLeft(opened)) throw new Error(opened.left.message);
  const [all, facts] = [new Set<string>(), new Set<string>()];
  for await (const page of opened.right.readAll())
    for (const { id, type, position } of page) {
      all.add(id);
      if (Number(position) !== all.size) throw new Error(`${id} at ${position} is event ${all.size} of the log.`);
      if (isFactType(type)) facts.add(id);
    }
  await opened.right.close();
  return facts;
};

describe('kill -9 with the log on a server', () => {
  it('of who takes facts in, of the gateway, and of both, loses and doubles nothing', async () => {
    const random = new Random(9, 'kills on a server');
    const { facts, clock } = await demoFacts(7);
    writeNdjson(program.path('all.ndjson'), facts);
    const ids = facts.map((fact) => {
      const decoded = decodeCloudEvent(fact);
      if (E.isLeft(decoded)) throw new Error(JSON.stringify(decoded.left));
      return decoded.right.eventId;
    });
    await logs.on('killed', clock);
    const url = await logs.urlOf('killed');
    const start = (): Running =>
      program.start(['following', url, clock, 'all.ndjson'], {
        ...DRIVER,
        environment: { AFECTO_READ_MODELS: 'killed.read-models.db' },
      });
    const calls = Math.floor(facts.length / FACTS_A_CALL);
    let acknowledged = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const running = start();
      const at = Math.min(calls - 1, Math.floor((kill * calls) / KILLS) + 1);
      const victim = (['driver', 'gateway', 'both'] as const)[kill % 3];
      if (victim === 'driver') await killAfter(running, at, random.whole(0, 40));
      else {
        await running.output(new RegExp(`(acknowledged \\d+\\n){${at}}`));
        await killGateway();
        // Whoever stays goes on by itself, and hears of what came next.
        if (victim === 'gateway') await running.output(new RegExp(`(acknowledged \\d+\\n){${at + 1}}`));
        running.child.kill('SIGKILL');
      }
      await running.ended;
      acknowledged = Math.max(acknowledged, await acknowledgedBy(running));
      const found = await idsInLog();
      expect(ids.slice(0, acknowledged).filter((id) => !found.has(id))).toEqual([]);
    }
    const end = start();
    expect(await end.ended).toMatchObject({ code: 0 });
    expect(await acknowledgedBy(end)).toBe(facts.length);
    const found = await idsInLog();
    expect(found.size).toBe(facts.length);
    expect(ids.filter((id) => !found.has(id))).toEqual([]);

    const command = (...words: ReadonlyArray<string>) => logs.on('killed', clock, '--json', ...words);
    expect(JSON.parse((await program.ask(await command('zones'))).stdout)).not.toEqual([]);
    expect(JSON.parse((await program.ask(await command('verify'))).stdout)).toMatchObject({ ok: true });
    expect(JSON.parse((await program.ask(await command('rebuild'))).stdout)).toMatchObject({
      comparison: { equal: true },
    });
  });
});
