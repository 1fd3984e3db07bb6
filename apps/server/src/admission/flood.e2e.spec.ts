/**
 * A real server with a small heap, so that its limits are small too, and ten times as much under way as it
 * takes on. What it said is compared with what lies in its log afterwards, its own or that of a gateway.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { compiledWorkspace, gatewayOver } from '../../../../libs/gateway/src/testing/gateway-process';
import { keepAliveClient, type KeepAliveClient } from '../bench/client';
import { compareWithLog, flood, type FloodResult } from '../bench/flood-load';
import { withServed } from '../bench/served';
import { isOnServer, temporaryFolder } from '../testing/ground';
import { limitsFor } from './limits';

const HEAP_MIB = 256;
const MIB = 1_024 ** 2;
const FACTS_A_CALL = 100;
const FLOOD_MS = { least: 1_500, most: 2_500 };
/** Measurements: a first third and an end must be there, more on a machine that has nothing else to do. */
const ROUNDS = { least: 3, wanted: 9 };
/** More than fit at once, so that some come back. */
const POLITE = 30;
/** Who is refused comes back twenty times a second: 400 000 facts, far more than ten times what is taken on. */
const REST_MS = 50;
const TEN_TIMES = (10 * limitsFor(HEAP_MIB * MIB).facts.facts) / FACTS_A_CALL;
const GROWTH_BYTES = 128 * MIB;

const residentIn = async (client: KeepAliveClient): Promise<number> =>
  Number(/^process_resident_memory_bytes (\S+)$/m.exec((await client.get('/metrics')).body)?.[1]);

/** Asks for health, readiness and customers again and again, and measures the memory; ends the flood when it has enough. How soon they answer is the bench's to say. */
const probe = async (url: string, ended: AbortController) => {
  const client = keepAliveClient(url, 4);
  const statuses = new Set<number>();
  const resident: number[] = [];
  const ask = async (path: string): Promise<void> => {
    statuses.add((await client.get(path)).status);
  };
  const start = performance.now();
  const isEnough = (): boolean => {
    const took = performance.now() - start;
    return (
      resident.length >= ROUNDS.least &&
      took >= FLOOD_MS.least &&
      (resident.length >= ROUNDS.wanted || took >= FLOOD_MS.most)
    );
  };
  while (!isEnough()) {
    await Promise.all(['/health/live', '/health/ready', '/v1/parties?limit=1'].map(ask));
    resident.push(await residentIn(client));
  }
  client.close();
  // And who comes now is let in, while everybody else goes on asking.
  const newcomer = keepAliveClient(url, 1);
  statuses.add((await newcomer.get('/health/live')).status);
  newcomer.close();
  ended.abort();
  return { statuses, resident };
};

/** Positions that a subscriber of the live feed receives until the signal. */
const positionsIn = async (stream: Response, signal: AbortSignal): Promise<ReadonlyArray<bigint>> => {
  const positions: bigint[] = [];
  let text = '';
  try {
    for await (const chunk of stream.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const blocks = (text + chunk).split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const id = /^id: (\d+)\ndata: /.exec(block)?.[1];
        if (id !== undefined) positions.push(BigInt(id));
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return positions;
};

/** The server of the flood; `stop` ends it and tells where its log lies, until `measure` has ended. */
const withFlooded = async (measure: (url: string, stop: () => Promise<string>) => Promise<void>): Promise<void> => {
  const folder = temporaryFolder();
  const log = join(folder, 'log.db');
  const gateway = isOnServer ? await gatewayOver(log) : null;
  const { fileOf, environment: shared } = compiledWorkspace();
  const environment =
    gateway === null
      ? shared
      : {
          ...shared,
          AFECTO_EVENT_STORE: `esdb://127.0.0.1:${gateway.port}?tls=false`,
          AFECTO_READ_MODELS: join(folder, 'read-models.db'),
          AFECTO_QUARANTINE: join(folder, 'quarantine.db'),
        };
  await withServed(
    fileOf('apps/server/src/main.ts'),
    ({ url, stop }) =>
      measure(url, async () => {
        const own = await stop();
        await gateway?.close();
        return gateway === null ? own : log;
      }),
    { flags: [`--max-old-space-size=${HEAP_MIB}`], environment },
  );
  rmSync(folder, { recursive: true, force: true });
};

describe('a flood of ten times what the server takes on', () => {
  it('is refused where it does not fit, loses nothing that was acknowledged, and leaves the rest of the service at work', async () => {
    await withFlooded(async (url, stop) => {
      const ended = new AbortController();
      const { signal } = ended;
      const stream = await fetch(`${url}/v1/events/stream`, { signal });
      // Who watches a server is connected before the crowd comes.
      const probing = probe(url, ended);
      const sent = { url, factsACall: FACTS_A_CALL, signal };
      const rude = flood({
        ...sent,
        connections: TEN_TIMES,
        isPatient: false,
        restMs: REST_MS,
        callsEach: Number.MAX_SAFE_INTEGER,
        name: 'rude',
      });
      const polite = flood({
        ...sent,
        signal: new AbortController().signal,
        connections: POLITE,
        isPatient: true,
        callsEach: 1,
        name: 'polite',
      });
      const [probed, positions, rudely, politely] = await Promise.all([
        probing,
        positionsIn(stream, signal),
        rude,
        polite,
      ]);

      const count = ({ statuses }: FloodResult, status: number): number => statuses.get(status) ?? 0;
      expect([...rudely.statuses.keys()].sort()).toEqual([200, 429]);
      expect(count(rudely, 429)).toBeGreaterThan(count(rudely, 200));
      expect([...rudely.codes]).toEqual(['TooManyRequests']);
      for (const seconds of [...rudely.retryAfter, ...politely.retryAfter]) {
        expect(Number.isInteger(seconds)).toBe(true);
        expect(seconds).toBeGreaterThanOrEqual(1);
        expect(seconds).toBeLessThanOrEqual(60);
      }
      expect(count(politely, 429)).toBeGreaterThan(0);
      expect(politely.calls.flat()).toEqual(Array.from({ length: POLITE }, () => 'taken'));

      expect([...probed.statuses]).toEqual([200]);
      const third = probed.resident[Math.floor(probed.resident.length / 3)] ?? 0;
      expect((probed.resident.at(-1) ?? Infinity) - third).toBeLessThan(GROWTH_BYTES);
      expect(positions.length).toBeGreaterThan(0);
      expect(positions).toEqual([...new Set(positions)].sort((a, b) => (a < b ? -1 : 1)));

      const { acknowledged, ...wrong } = await compareWithLog(await stop(), [rudely, politely]);
      expect(acknowledged).toBe((count(rudely, 200) + count(politely, 200)) * FACTS_A_CALL);
      expect(wrong).toEqual({ lost: 0, doubled: 0, secret: 0, halved: 0 });
    });
  });
});
