import { BACKWARDS, END, EventStoreDBClient, FORWARDS, START } from '@eventstore/db-client';
import { sampleEvents } from './sample-events';

/** How much of each load one run brings. */
export interface Amounts {
  /** Milliseconds of a run of appends or of small reads. */
  readonly runMs: number;
  /** Events of a run that reads `$all` or catches up with it. */
  readonly read: number;
  /** Events of a run of live delivery. */
  readonly delivered: number;
}

/** One run: milliseconds of each step, or how many events came in how much time. */
export interface Run {
  readonly events: number;
  readonly milliseconds: number;
  /** Milliseconds of every step, where steps follow each other. */
  readonly steps: ReadonlyArray<number>;
}

export type Load = (client: EventStoreDBClient, amounts: Amounts) => Promise<Run>;

const STREAMS = 100;
const IN_FLIGHT = 64;
export const EVENTS_A_BATCH = 100;
/** The stream that has one event. */
const SINGLE = 'bench-single';

let appends = 0;
const nextStream = (): string => `bench-${appends++ % STREAMS}`;

const append = (client: EventStoreDBClient, count: number): Promise<unknown> =>
  client.appendToStream(nextStream(), sampleEvents(count));

/** Steps one after another by `workers` at once for `runMs`. */
const repeated = async (
  runMs: number,
  workers: number,
  eventsAStep: number,
  step: () => Promise<unknown>,
): Promise<Run> => {
  const steps: number[] = [];
  const started = performance.now();
  const worker = async (): Promise<void> => {
    for (let from = performance.now(); from - started < runMs;) {
      await step();
      const now = performance.now();
      steps.push(now - from);
      from = now;
    }
  };
  await Promise.all(Array.from({ length: workers }, worker));
  return { events: steps.length * eventsAStep, milliseconds: performance.now() - started, steps };
};

const oneByOne: Load = (client, { runMs }) => repeated(runMs, 1, 1, () => append(client, 1));

const inCompany: Load = (client, { runMs }) => repeated(runMs, IN_FLIGHT, 1, () => append(client, 1));

const inBatches: Load = (client, { runMs }) => repeated(runMs, 1, EVENTS_A_BATCH, () => append(client, EVENTS_A_BATCH));

const singleReads: Load = (client, { runMs }) =>
  repeated(runMs, 1, 1, async () => {
    let seen = 0;
    for await (const _ of client.readStream(SINGLE, { direction: BACKWARDS, fromRevision: END, maxCount: 1 }))
      seen += 1;
    if (seen !== 1) throw new Error(`A read of one event brought ${seen}.`);
  });

const readAll: Load = async (client, { read }) => {
  const started = performance.now();
  let events = 0;
  for await (const _ of client.readAll({ direction: FORWARDS, fromPosition: START, maxCount: read })) events += 1;
  return { events, milliseconds: performance.now() - started, steps: [] };
};

const catchUp: Load = async (client, { read }) => {
  const started = performance.now();
  let events = 0;
  const subscription = client.subscribeToAll({ fromPosition: START });
  await new Promise<void>((resolve, reject) => {
    subscription.on('error', reject);
    subscription.on('data', () => {
      events += 1;
      if (events === read) resolve();
    });
  });
  const milliseconds = performance.now() - started;
  await subscription.unsubscribe();
  return { events: read, milliseconds, steps: [] };
};

/** From the call of the append to the arrival at a subscriber of `$all`, one event at a time. */
const liveDelivery: Load = async (client, { delivered }) => {
  const steps: number[] = [];
  let arrived: () => void = () => undefined;
  const subscription = client.subscribeToAll({ fromPosition: END });
  const failed = new Promise<never>((_, reject) => subscription.on('error', reject));
  subscription.on('data', () => arrived());
  await Promise.race([failed, new Promise((resolve) => subscription.once('caughtUp', resolve))]);
  const started = performance.now();
  for (let count = 0; count < delivered; count += 1) {
    const arrival = new Promise<void>((resolve) => (arrived = resolve));
    const from = performance.now();
    const appended = append(client, 1);
    await Promise.race([failed, arrival]);
    steps.push(performance.now() - from);
    await appended;
  }
  const milliseconds = performance.now() - started;
  await subscription.unsubscribe();
  return { events: delivered, milliseconds, steps };
};

/** Every load by its name. */
export const loads = { oneByOne, inCompany, inBatches, singleReads, readAll, catchUp, liveDelivery } as const;

export const connect = (port: number): EventStoreDBClient =>
  EventStoreDBClient.connectionString(`esdb://127.0.0.1:${port}?tls=false`);

/** Enough events for the loads that read. */
export const fill = async (client: EventStoreDBClient, { read }: Amounts): Promise<void> => {
  await client.appendToStream(SINGLE, sampleEvents(1));
  for (let count = 0; count < read; count += EVENTS_A_BATCH) await append(client, EVENTS_A_BATCH);
};
