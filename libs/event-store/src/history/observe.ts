import * as E from 'fp-ts/Either';
import type {
  AppendError,
  Appended,
  AppendRequest,
  EventStore,
  NewEvent,
  Position,
  StoredEvent,
  StoreUnavailable,
  SubscribeOptions,
  SubscriptionMessage,
} from '../port';
import type { AppendAnswer, AppendOperation, LogFilter, ReadOperation, ShownEvent } from './call';
import type { Recorder } from './record';

const contentOf = ({ data, metadata }: Pick<NewEvent, 'data' | 'metadata'>): string => JSON.stringify([data, metadata]);

export const shownOf = (event: StoredEvent): ShownEvent => ({
  id: event.id,
  type: event.type,
  content: contentOf(event),
  streamId: event.streamId,
  revision: event.revision,
  position: Number(event.position),
  recordedAt: event.recordedAt,
});

const operationOf = ({ streamId, expectedRevision, events }: AppendRequest): AppendOperation => ({
  kind: 'append',
  streamId,
  expected: expectedRevision,
  events: events.map((event) => ({ id: event.id, type: event.type, content: contentOf(event) })),
});

type Outcome = E.Either<AppendError | StoreUnavailable, Appended>;

/** The port has one code for both: only the words say whether something may have been appended. */
const UNKNOWN = /outcome is unknown/;

export const answerOf = (outcome: Outcome): AppendAnswer => {
  if (E.isRight(outcome))
    return {
      kind: 'ok',
      duplicate: outcome.right.duplicate,
      places: outcome.right.events.map(({ id, revision, position }) => ({ id, revision, position: Number(position) })),
    };
  const error = outcome.left;
  switch (error.code) {
    case 'WrongExpectedRevision':
      return { kind: 'wrongRevision', actual: error.actual };
    case 'EventIdConflict':
      return { kind: 'conflict', eventId: error.eventId, position: Number(error.position) };
    case 'InvalidEvent':
    case 'StreamDeleted':
    case 'StoreClosed':
      return { kind: 'failed', message: error.message };
    case 'StoreFailed':
      return { kind: UNKNOWN.test(error.message) ? 'unknown' : 'failed', message: error.message };
  }
};

/** A store whose calls and answers go into a record, as one process of a workload sees it. */
export class ObservedStore {
  constructor(
    readonly store: EventStore,
    readonly recorder: Recorder,
    readonly process: string,
  ) {}

  async append(request: AppendRequest): Promise<Outcome> {
    const call = this.recorder.invoke(this.process, operationOf(request));
    const outcome = await this.store.append(request);
    this.recorder.write({ entry: 'appended', call, answer: answerOf(outcome) });
    return outcome;
  }

  async appendMany(requests: ReadonlyArray<AppendRequest>): Promise<ReadonlyArray<Outcome>> {
    const calls = requests.map((request) => this.recorder.invoke(this.process, operationOf(request)));
    const outcomes = await this.store.appendMany(requests);
    for (const [n, outcome] of outcomes.entries())
      this.recorder.write({ entry: 'appended', call: calls[n] ?? '', answer: answerOf(outcome) });
    return outcomes;
  }

  async read(operation: ReadOperation, pageSize: number): Promise<ReadonlyArray<ShownEvent>> {
    const call = this.recorder.invoke(this.process, operation);
    const shown: ShownEvent[] = [];
    let complete = false;
    try {
      for await (const page of this.#pages(operation, pageSize)) shown.push(...page.map(shownOf));
      complete = true;
    } finally {
      this.recorder.write({ entry: 'read', call, shown, complete });
    }
    return shown;
  }

  #pages({ of, direction, from, limit }: ReadOperation, pageSize: number): AsyncIterable<ReadonlyArray<StoredEvent>> {
    const bounded = limit === null ? { direction } : { direction, limit };
    if ('streamId' in of) return this.store.readStream(of.streamId, from === null ? bounded : { ...bounded, from });
    const after = from === null ? {} : { after: BigInt(from) };
    return this.store.readAll({ ...bounded, ...of.filter, ...after, pageSize });
  }

  async findById(eventId: string): Promise<ShownEvent | null> {
    const call = this.recorder.invoke(this.process, { kind: 'lookup', eventId });
    const event = await this.store.findById(eventId);
    const found = event === null ? null : shownOf(event);
    this.recorder.write({ entry: 'found', call, found });
    return found;
  }

  async head(): Promise<Position> {
    const call = this.recorder.invoke(this.process, { kind: 'head' });
    const position = await this.store.head();
    this.recorder.write({ entry: 'headIs', call, position: Number(position) });
    return position;
  }

  /** `over` is called by the consumer: only he knows what he has waited for. */
  subscribe(
    filter: LogFilter,
    { after = 0n, ...options }: SubscribeOptions,
  ): { readonly messages: AsyncIterable<SubscriptionMessage>; readonly over: (awaited: Position | null) => void } {
    const call = this.recorder.invoke(this.process, { kind: 'subscription', filter, after: Number(after) });
    const { store, recorder } = this;
    const messages = async function* (): AsyncGenerator<SubscriptionMessage, void, void> {
      for await (const message of store.subscribe({ ...filter, ...options, after })) {
        const shown = message.kind === 'events' ? message.events.map(shownOf) : [];
        const caughtUp = message.kind === 'caughtUp' ? Number(message.position) : null;
        recorder.write({ entry: 'message', call, shown, caughtUp });
        yield message;
      }
    };
    return {
      messages: messages(),
      over: (awaited) => recorder.write({ entry: 'over', call, awaited: awaited === null ? null : Number(awaited) }),
    };
  }
}
