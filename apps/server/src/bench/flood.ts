import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { keepAliveClient, percentile } from './client';
import { compareWithLog, flood } from './flood-load';
import { withServer } from './served';

/**
 * A flood for as long as wanted: `flood.js [SECONDS] [CONNECTIONS] [HEAP-MIB]`, by default for an hour, over
 * so many connections that ten times as much is under way as the server takes on. Prints a line
 * every ten seconds and compares the log with the answers at the end; ends with 1 when a fact was lost,
 * doubled, or taken without an answer that says so.
 */
const FACTS_A_CALL = 100;
const LINE_SECONDS = 10;
const PROBE_MS = 100;

const figure = (metrics: string, name: string): number =>
  Number(new RegExp(`^${name.replace(/[{}"]/g, '\\$&')} (\\S+)$`, 'm').exec(metrics)?.[1] ?? Number.NaN);

const mebibytes = (bytes: number): string => (bytes / 1_024 ** 2).toFixed(0);

const run = async (seconds: number, connections: number, heapMib: number): Promise<boolean> =>
  withServer(
    join(__dirname, '../main.js'),
    async (url, stop) => {
      const ended = new AbortController();
      const { signal } = ended;
      const probe = keepAliveClient(url, 2);
      const answers = new Map<number, number>();
      const running = flood(
        {
          url,
          connections,
          factsACall: FACTS_A_CALL,
          isPatient: false,
          callsEach: Number.MAX_SAFE_INTEGER,
          signal,
          name: 'flood',
        },
        (status) => answers.set(status, (answers.get(status) ?? 0) + 1),
      );
      const health: number[] = [];
      const resident: number[] = [];
      const start = performance.now();
      console.log(
        '   s  facts/s  refused/s  health p50/p99/max ms  resident/heap/external MiB  under way facts  projections behind',
      );
      for (let line = 1; line * LINE_SECONDS <= seconds; line += 1) {
        const before = new Map(answers);
        const lineStart = performance.now();
        const times: number[] = [];
        while (performance.now() - start < line * LINE_SECONDS * 1_000) {
          const asked = performance.now();
          const { status } = await probe.get('/health/ready');
          if (status !== 200) throw new Error(`/health/ready answered ${status}`);
          times.push(performance.now() - asked);
          await pause(PROBE_MS);
        }
        health.push(...times);
        const { body } = await probe.get('/metrics');
        const took = (performance.now() - lineStart) / 1_000;
        const rate = (status: number): number => ((answers.get(status) ?? 0) - (before.get(status) ?? 0)) / took;
        const memory = [
          'process_resident_memory_bytes',
          'nodejs_heap_size_used_bytes',
          'nodejs_external_memory_bytes',
        ].map((name) => figure(body, name));
        resident.push(memory[0] ?? Number.NaN);
        const [p50, p99, most] = [0.5, 0.99, 1].map((share) => percentile(times, share).toFixed(0));
        console.log(
          `${(line * LINE_SECONDS).toString().padStart(4)} ${(rate(200) * FACTS_A_CALL).toFixed(0).padStart(8)}` +
            `${rate(429).toFixed(0).padStart(11)} ${`${p50}/${p99}/${most}`.padStart(22)}` +
            `${memory.map(mebibytes).join('/').padStart(28)}` +
            `${figure(body, 'afecto_under_way_facts{of="facts"}').toString().padStart(17)}` +
            `${figure(body, 'afecto_projection_lag_events').toString().padStart(20)}`,
        );
      }
      ended.abort();
      const result = await running;
      probe.close();
      const comparison = await compareWithLog(await stop(), [result]);
      console.log(Object.fromEntries(result.statuses), comparison);
      console.log(
        `health p99 ${percentile(health, 0.99).toFixed(0)} ms; resident after a third ` +
          `${mebibytes(resident[Math.floor(resident.length / 3)] ?? 0)} MiB, at the end ${mebibytes(resident.at(-1) ?? 0)} MiB`,
      );
      const { lost, doubled, secret, halved } = comparison;
      return lost + doubled + secret + halved === 0;
    },
    [`--max-old-space-size=${heapMib}`, '--max-semi-space-size=32'],
  );

const [seconds = 3_600, connections = 1_000, heapMib = 1_024] = process.argv.slice(2).map(Number);
run(seconds, connections, heapMib).then(
  (isWhole) => {
    process.exitCode = isWhole ? 0 : 1;
  },
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
