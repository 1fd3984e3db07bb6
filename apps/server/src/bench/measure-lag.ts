import { acceptedOf, BATCH_SIZE, batches } from './batches';
import { atRate, percentile } from './client';
import { type Figure, type MeasureOptions, ROUNDS } from './figure';
import { partyOf } from './sample-facts';
import { withServed } from './served';
import { withClient, wireRequest } from './wire-client';

/** Facts a second: what is asked of a system in use, and of one that is driven hard. */
const STEADY = 2_000;
const HARD = 5_000;
const PARTIES = 5_000;
const CONNECTIONS = 256;
const SECONDS = 4;
/** Who asks for a position waits for it so long: longer than any lag that is worth a figure. */
const WAIT_MS = 60_000;

/**
 * p99 from the answer to a batch until a profile of one of its customers has it, at 2 000 and at 5 000 facts
 * a second in batches of 15; the question goes out with the answer and waits at the server (`minPosition`).
 */
export const measureLag = ({
  entry,
  signal,
  say,
  rounds = ROUNDS,
}: MeasureOptions): Promise<{ readonly steady: Figure; readonly hard: Figure }> =>
  withServed(
    entry,
    ({ url }) =>
      withClient(url, CONNECTIONS, async (client) => {
        let sent = 0;
        const round = async (factsASecond: number): Promise<number> => {
          const rate = factsASecond / BATCH_SIZE;
          const count = Math.round(rate * SECONDS);
          const from = sent;
          sent += count * BATCH_SIZE;
          const requests = batches(from, count, PARTIES);
          const times = await atRate(rate, SECONDS, async (index) => {
            const request = requests[index];
            if (request === undefined) return 0;
            const { position } = acceptedOf(await client.expect200(request));
            const answered = performance.now();
            const party = partyOf((from + index * BATCH_SIZE) % PARTIES);
            await client.expect200(wireRequest('GET', `/v1/parties/${party}?minPosition=${position}`));
            return performance.now() - answered;
          });
          return percentile(times, 0.99);
        };
        const figureAt = async (factsASecond: number): Promise<Figure> => {
          const measured: number[] = [];
          for (let number = 1; number <= rounds; number += 1) {
            say(`visible lag at ${factsASecond} facts/s, round ${number}`);
            measured.push(await round(factsASecond));
          }
          return { unit: 'ms', rounds: measured, raw: null };
        };
        say('visible lag: warming up');
        await round(HARD);
        const steady = await figureAt(STEADY);
        return { steady, hard: await figureAt(HARD) };
      }),
    { signal, environment: { AFECTO_WAIT_MS: String(WAIT_MS) } },
  );
