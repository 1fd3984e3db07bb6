import { batches, BATCH_SIZE } from './batches';
import { besideBare } from './beside-bare';
import { atRate, percentile } from './client';
import { type Figure, type MeasureOptions, ROUNDS } from './figure';
import { sendAll } from './measure-intake';
import { partyOf } from './sample-facts';
import { closedLoop, wireRequest } from './wire-client';

const PARTIES = 1_000;
const FACTS_A_PARTY = 10;
const CONNECTIONS = 32;
const ROUND_MS = 2_000;
/** Until the code of the request path is compiled, a burst of requests waits for the compiler. */
const WARM_UP_MS = 4_000;
/** Visits all parties in an order that no cache likes. */
const STRIDE = 7_919;
/** The first question waits until all facts are projected, which takes seconds where much else runs. */
const PATIENT = { AFECTO_WAIT_MS: '30000' };
/** Requests a second that are asked of a system in use. */
const STEADY = 2_000;

/**
 * `GET /v1/parties/{id}` over customers with ten facts each: requests a second with 32 under way at all
 * times, then the p99 at half of that and at 2 000, each request due at its own instant whatever the answers
 * do. Raw: Node's own server with as many bytes.
 */
export const measureProfile = async ({
  entry,
  signal,
  say,
  rounds = ROUNDS,
}: MeasureOptions): Promise<{ readonly load: Figure; readonly half: Figure; readonly steady: Figure }> =>
  besideBare({ entry, signal, connections: CONNECTIONS, environment: PATIENT }, async ({ ours, bare }) => {
    say('profile: facts');
    const { position } = await sendAll(ours, batches(0, Math.ceil((PARTIES * FACTS_A_PARTY) / BATCH_SIZE), PARTIES));
    const first = await ours.expect200(wireRequest('GET', `/v1/parties/${partyOf(0)}?minPosition=${position}`));
    const requests = Array.from({ length: PARTIES }, (_, index) =>
      wireRequest('GET', `/v1/parties/${partyOf((index * STRIDE) % PARTIES)}`),
    );
    const bytes = wireRequest('GET', `/bytes/${first.length}`);
    const askOurs = (index: number) => ours.expect200(requests[index % PARTIES] ?? bytes);
    const askBare = () => bare.expect200(bytes);
    say('profile: warming up');
    await closedLoop(CONNECTIONS, WARM_UP_MS, askOurs);
    await closedLoop(CONNECTIONS, WARM_UP_MS / 4, askBare);

    const [rates, rawRates]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round += 1) {
      say(`profile at full load, round ${round + 1}`);
      rates.push(await closedLoop(CONNECTIONS, ROUND_MS, askOurs));
      rawRates.push(await closedLoop(CONNECTIONS, ROUND_MS / 2, askBare));
    }
    const p99 = async (rate: number, ask: (index: number) => Promise<unknown>): Promise<number> => {
      const measured = await atRate(rate, ROUND_MS / 1_000, async (index) => {
        await ask(index);
      });
      return percentile(measured, 0.99);
    };
    const at = async (rate: number): Promise<Figure> => {
      const [times, rawTimes]: [number[], number[]] = [[], []];
      for (let round = 0; round < rounds; round += 1) {
        say(`profile at ${Math.round(rate)} requests/s, round ${round + 1}`);
        times.push(await p99(rate, askOurs));
        rawTimes.push(await p99(rate, askBare));
      }
      return { unit: 'ms', rounds: times, raw: rawTimes, note: `at ${Math.round(rate)} requests/s` };
    };
    return {
      load: { unit: 'requests/s', rounds: rates, raw: rawRates, note: `${first.length} bytes each` },
      half: await at(percentile(rates, 0.5) / 2),
      steady: await at(STEADY),
    };
  });
