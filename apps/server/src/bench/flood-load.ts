import { setTimeout as pause } from 'node:timers/promises';
import { openReadOnlyStore } from '@afecto/application';
import * as E from 'fp-ts/Either';
import { BATCH } from '../facts/incoming';
import { keepAliveClient, type KeepAliveClient } from './client';

const SOURCE = 'flood';
const PARTIES = 10_000;

/** What became of one call: whoever sent it knows, or the connection broke and nobody does. */
type Outcome = 'taken' | 'refused' | 'unknown';

export interface FloodOptions {
  readonly url: string;
  readonly connections: number;
  readonly factsACall: number;
  /** Waits as `Retry-After` says and sends the same call again; otherwise the next call comes after `restMs`. */
  readonly isPatient: boolean;
  /** Default 0: at once. */
  readonly restMs?: number;
  /** Every sender stops after so many calls of its own. */
  readonly callsEach: number;
  readonly signal: AbortSignal;
  /** Tells this flood's facts from those of another one in the same log. */
  readonly name: string;
}

export interface FloodResult {
  readonly name: string;
  readonly factsACall: number;
  /** What was answered how often. */
  readonly statuses: ReadonlyMap<number, number>;
  /** The `Retry-After` of the refusals; a refusal without one stands as NaN. */
  readonly retryAfter: ReadonlySet<number>;
  readonly codes: ReadonlySet<string>;
  /** Of each sender, its calls in their order. */
  readonly calls: ReadonlyArray<ReadonlyArray<Outcome>>;
}

const callOf = (name: string, sender: number, sequence: number, facts: number): Buffer => {
  const time = new Date(Date.now() - 1_000).toISOString();
  const texts: string[] = [];
  for (let place = 0; place < facts; place += 1)
    texts.push(
      `{"specversion":"1.0","source":"${SOURCE}","id":"${name}-${sender}-${sequence}-${place}","type":"SurveyAnswered",` +
        `"time":"${time}","data":{"partyId":"party-${(sender * 7_919 + sequence * 101 + place) % PARTIES}",` +
        `"instrument":"nps","score":${place % 11},"scaleMin":0,"scaleMax":10}}`,
    );
  return Buffer.from(`[${texts.join(',')}]`);
};

const codeOf = (body: string): string => {
  const problem: unknown = JSON.parse(body);
  return typeof problem === 'object' && problem !== null && 'code' in problem ? String(problem.code) : '';
};

/** Many senders at once, each with its next call as soon as the one before is answered, until the signal. */
export const flood = async (options: FloodOptions, told: (status: number) => void = () => {}): Promise<FloodResult> => {
  const { url, connections, factsACall, isPatient, restMs = 0, callsEach, signal, name } = options;
  const client: KeepAliveClient = keepAliveClient(url, connections);
  const statuses = new Map<number, number>();
  const retryAfter = new Set<number>();
  const codes = new Set<string>();
  const calls: Outcome[][] = Array.from({ length: connections }, () => []);

  const send = async (body: Buffer): Promise<Outcome> => {
    for (;;) {
      const answer = await client.post('/v1/events', BATCH, body).catch(() => null);
      if (answer === null) return 'unknown';
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      told(answer.status);
      if (answer.status === 200) return 'taken';
      codes.add(codeOf(answer.body));
      if (answer.status !== 429) return 'refused';
      const seconds = Number(answer.headers['retry-after'] ?? Number.NaN);
      retryAfter.add(seconds);
      const isHeeded = isPatient && !signal.aborted;
      const waitMs = isHeeded ? seconds * 1_000 : restMs;
      if (waitMs > 0) await pause(waitMs);
      if (!isHeeded) return 'refused';
    }
  };
  const sender = async (own: Outcome[], index: number): Promise<void> => {
    while (!signal.aborted && own.length < callsEach) own.push(await send(callOf(name, index, own.length, factsACall)));
  };
  await Promise.all(calls.map(sender));
  client.close();
  return { name, factsACall, statuses, retryAfter, codes, calls };
};

/** What the log says against what was answered; all zero when nothing was lost, doubled or taken in secret. */
export interface Comparison {
  readonly acknowledged: number;
  readonly lost: number;
  readonly doubled: number;
  /** Refused calls of which a fact is in the log all the same. */
  readonly secret: number;
  /** Calls of which a part is in the log. */
  readonly halved: number;
}

const FACT = /^(.+)-(\d+)-(\d+)-(\d+)$/;

/** Reads the whole log of a server that has ended. */
export const compareWithLog = async (file: string, results: ReadonlyArray<FloodResult>): Promise<Comparison> => {
  const opened = await openReadOnlyStore({ eventStore: `sqlite:${file}`, readModels: `${file}.none`, now: Date.now });
  if (E.isLeft(opened)) throw new Error(opened.left.message);
  const store = opened.right;
  /** Of each sender's calls: how often each fact of the call is in the log. */
  const found = new Map(results.map(({ name, calls }) => [name, calls.map(() => new Map<number, Uint8Array>())]));
  const sizes = new Map(results.map(({ name, factsACall }) => [name, factsACall]));
  for await (const page of store.readAll({ types: ['SurveyAnswered'] }))
    for (const { metadata } of page) {
      const [, name = '', sender = '', sequence = '', place = ''] = FACT.exec(String(metadata['id'])) ?? [];
      const own = found.get(name)?.[Number(sender)];
      if (own === undefined) continue;
      const times = own.get(Number(sequence)) ?? new Uint8Array(sizes.get(name) ?? 0);
      times[Number(place)] = (times[Number(place)] ?? 0) + 1;
      own.set(Number(sequence), times);
    }
  await store.close();

  let [acknowledged, lost, doubled, secret, halved] = [0, 0, 0, 0, 0];
  for (const { name, calls, factsACall } of results)
    for (const [sender, own] of calls.entries())
      for (const [sequence, outcome] of own.entries()) {
        const times = found.get(name)?.[sender]?.get(sequence) ?? new Uint8Array(factsACall);
        const stored = times.filter((count) => count > 0).length;
        doubled += times.filter((count) => count > 1).length;
        if (outcome === 'taken') {
          acknowledged += factsACall;
          lost += factsACall - stored;
        } else if (outcome === 'refused' && stored > 0) secret += 1;
        else if (stored > 0 && stored < factsACall) halved += 1;
      }
  return { acknowledged, lost, doubled, secret, halved };
};
