import { setTimeout as pause } from 'node:timers/promises';
import * as E from 'fp-ts/Either';
import type { AppendRequest, ExpectedRevision, NewEvent } from '../port';
import { answerOf, type ObservedStore } from './observe';
import type { Random } from './random';
import { EVENT_TYPES, type Shared } from './workload';

type Outcome = Awaited<ReturnType<ObservedStore['append']>>;

const MOST_EVENTS = 4;
/** Between two attempts to find out what has become of an append. */
const AGAIN_MS = 10;

/** One writer, and what it believes about the streams. */
class Writer {
  readonly #last = new Map<string, number>();

  constructor(
    readonly store: ObservedStore,
    readonly random: Random,
    readonly shared: Shared,
  ) {}

  #events(): ReadonlyArray<NewEvent> {
    const { random } = this;
    return Array.from({ length: 1 + random.below(MOST_EVENTS) }, () => ({
      id: random.uuid(),
      type: random.of(EVENT_TYPES),
      data: { n: random.below(1_000_000) },
      metadata: { by: this.store.process },
    }));
  }

  #expected(streamId: string): ExpectedRevision {
    const last = this.#last.get(streamId);
    const kind = this.random.below(10);
    if (kind < 4) return 'any';
    if (kind < 8 && last !== undefined) return last;
    return kind === 8 ? 'noStream' : 'streamExists';
  }

  request(streamId = this.random.of(this.shared.streams)): AppendRequest {
    const request = { streamId, expectedRevision: this.#expected(streamId), events: this.#events() };
    this.shared.asked.push(request);
    return request;
  }

  learn({ streamId }: AppendRequest, outcome: Outcome): void {
    const answer = answerOf(outcome);
    const last = this.#last.get(streamId) ?? -1;
    if (answer.kind === 'ok') this.#last.set(streamId, Math.max(last, answer.places.at(-1)?.revision ?? 0));
    if (answer.kind === 'wrongRevision') this.#last.set(streamId, Math.max(last, answer.actual ?? -1));
  }

  async append(request: AppendRequest): Promise<Outcome> {
    const outcome = await this.store.append(request);
    this.learn(request, outcome);
    return outcome;
  }

  /** As a sender does: the same request until somebody says what has become of it. */
  async resolve(request: AppendRequest): Promise<void> {
    for (;;) {
      const { kind } = answerOf(await this.append(request));
      if (kind !== 'unknown') return;
      await pause(AGAIN_MS);
    }
  }

  async appendMany(requests: ReadonlyArray<AppendRequest>): Promise<void> {
    const outcomes = await this.store.appendMany(requests);
    for (const [n, request] of requests.entries()) {
      const outcome = outcomes[n];
      if (outcome !== undefined) this.learn(request, outcome);
    }
  }
}

type Step = (writer: Writer) => Promise<unknown>;

const once: Step = (writer) => writer.resolve(writer.request());

const many: Step = (writer) =>
  writer.appendMany(Array.from({ length: 2 + writer.random.below(4) }, () => writer.request()));

/** An earlier request of anybody, word for word; perhaps refused then, perhaps long ago. */
const repeated: Step = (writer) => writer.resolve(writer.random.of(writer.shared.asked));

/** The same request twice before the first has been answered. */
const twice: Step = (writer) => {
  const request = writer.request();
  return Promise.all([writer.resolve(request), writer.resolve(request)]);
};

/** Two requests that build on each other, the second first; both again in their order. */
const outOfOrder: Step = async (writer) => {
  const first = writer.request();
  const revision = typeof first.expectedRevision === 'number' ? first.expectedRevision + first.events.length : 0;
  const second = { ...writer.request(first.streamId), expectedRevision: revision };
  await Promise.all([writer.append(second), writer.append(first)]);
  await writer.resolve(first);
  await writer.resolve(second);
};

/** An id that is taken, with other content. */
const conflicting: Step = async (writer) => {
  const { streamId, events } = writer.random.of(writer.shared.asked);
  const changed = events.map((event) => ({ ...event, data: { n: -1 } }));
  await writer.append({ streamId, expectedRevision: 'any', events: changed });
};

/** Refused for sure: its ids must not be in the log, unless it is asked again and accepted. */
const refused: Step = async (writer) => {
  const request: AppendRequest = { ...writer.request(), expectedRevision: 1_000_000 };
  const outcome = await writer.append(request);
  if (E.isLeft(outcome) && writer.random.chance(0.5)) await writer.resolve({ ...request, expectedRevision: 'any' });
};

const STEPS: ReadonlyArray<Step> = [
  once,
  once,
  once,
  once,
  once,
  many,
  repeated,
  twice,
  outOfOrder,
  conflicting,
  refused,
];

/** Settles what earlier runs have left open, then does its steps one after the other. */
export const writer = async (name: string, shared: Shared): Promise<void> => {
  const { options } = shared;
  const random = shared.random(name);
  const self = new Writer(shared.observed(name), random, shared);
  if (name === 'writer1') for (const request of options.unresolved) await self.resolve(request);
  for (let step = 0; step < options.steps; step++) {
    const chosen = shared.asked.length === 0 ? once : random.of(STEPS);
    await chosen(self);
    if (random.chance(0.1)) await pause(random.below(3));
  }
};
