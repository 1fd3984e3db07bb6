import { BATCH } from '../facts/incoming';
import { atRate, keepAliveClient, type KeepAliveClient, percentile } from './client';
import { partyOf, sampleFacts } from './sample-facts';
import { type Figure, withServer } from './served';

const BATCH_SIZE = 15;
/** The figure is the median of so many. */
const ROUNDS = 3;

const batches = (from: number, count: number, parties: number, size = BATCH_SIZE): ReadonlyArray<Buffer> =>
  Array.from({ length: count }, (_, index) =>
    Buffer.from(JSON.stringify(sampleFacts(from + index * size, size, parties))),
  );

const post = async (client: KeepAliveClient, body: Buffer): Promise<{ accepted: number; position: string }> => {
  const { status, body: text } = await client.post('/v1/events', BATCH, body);
  if (status !== 200) throw new Error(`POST /v1/events answered ${status}: ${text}`);
  const answer: unknown = JSON.parse(text);
  if (typeof answer !== 'object' || answer === null || !('accepted' in answer) || !('position' in answer))
    throw new Error(`unexpected answer: ${text}`);
  return { accepted: Number(answer.accepted), position: String(answer.position) };
};

/** Sends bodies over `connections` connections, each as soon as the one before is answered. */
const sendAll = async (url: string, bodies: ReadonlyArray<Buffer>, connections: number): Promise<number> => {
  const client = keepAliveClient(url, connections);
  let next = 0;
  let accepted = 0;
  const worker = async (): Promise<void> => {
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) {
      const answer = await post(client, body);
      accepted += answer.accepted;
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  client.close();
  return accepted;
};

/** Durable facts a second through POST /v1/events in batches of 15; the projections run beside. */
export const measureIntake = (entry: string, facts = 40_000, connections = 16): Promise<Figure> =>
  withServer(entry, async (url) => {
    const warmUp = 300;
    await sendAll(url, batches(0, warmUp, 2_000), connections);
    const rates: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const count = Math.ceil(facts / BATCH_SIZE);
      const bodies = batches((warmUp + round * count) * BATCH_SIZE, count, 2_000);
      const start = performance.now();
      const accepted = await sendAll(url, bodies, connections);
      rates.push(accepted / ((performance.now() - start) / 1_000));
    }
    const value = percentile(rates, 0.5);
    return { name: 'POST /v1/events, batches of 15', value, unit: 'durable facts/s', floor: 10_000 };
  });

/** p99 of GET /v1/parties/{id} at 2 000 requests a second over customers with about ten facts each. */
export const measureProfile = (entry: string, seconds = 3, parties = 1_000): Promise<Figure> =>
  withServer(entry, async (url) => {
    const client = keepAliveClient(url, 32);
    const ask = async (index: number): Promise<void> => {
      const { status, body } = await client.get(`/v1/parties/${partyOf((index * 7_919) % parties)}`);
      if (status !== 200) throw new Error(`GET profile answered ${status}: ${body}`);
    };
    await sendAll(url, batches(0, Math.ceil((parties * 10) / BATCH_SIZE), parties), 8);
    await client.get(`/v1/parties/${partyOf(0)}?minPosition=${parties * 10}`);
    // Until the code of the request path is compiled, a burst of requests waits for the compiler.
    await atRate(2_000, 4 * seconds, ask);
    const rounds: number[] = [];
    for (let round = 0; round < ROUNDS; round++) rounds.push(percentile(await atRate(2_000, seconds, ask), 0.99));
    const value = percentile(rounds, 0.5);
    client.close();
    return { name: 'GET /v1/parties/{id} at 2 000 requests/s, p99', value, unit: 'ms', floor: 5 };
  });

/** p99 from the acknowledgement of facts to their visibility in a profile, at 2 000 facts a second. */
export const measureLag = (entry: string, seconds = 5): Promise<Figure> =>
  withServer(entry, async (url) => {
    const client = keepAliveClient(url, 64);
    const rate = 2_000 / BATCH_SIZE;
    const round = async (from: number, duration: number): Promise<ReadonlyArray<number>> => {
      const bodies = batches(from, Math.round(rate * duration), 1_000);
      return atRate(rate, duration, async (index) => {
        const body = bodies[index];
        if (body === undefined) return;
        const { position } = await post(client, body);
        const acknowledged = performance.now();
        const party = partyOf((from + index * BATCH_SIZE) % 1_000);
        const { status } = await client.get(`/v1/parties/${party}?minPosition=${position}`);
        if (status !== 200) throw new Error(`GET profile answered ${status}`);
        return performance.now() - acknowledged;
      });
    };
    await round(0, 2);
    const value = percentile(await round(10_000, seconds), 0.99);
    client.close();
    return { name: 'acknowledged fact visible in the profile at 2 000 facts/s, p99', value, unit: 'ms', floor: 100 };
  });

/** All figures of the server, one after another. `entry`: path of the compiled `main.js`. */
export const measureServer = async (entry: string): Promise<ReadonlyArray<Figure>> => [
  await measureIntake(entry),
  await measureProfile(entry),
  await measureLag(entry),
];
