import { randomUUID } from 'node:crypto';
import type {
  EventStoreDBClient,
  JSONEventData,
  PersistentSubscriptionToAllSettings,
  PersistentSubscriptionToStreamResolvedEvent,
  PersistentSubscriptionToStreamSettings,
} from '@eventstore/db-client';

/** The calls that both official clients offer alike. */
export type OfficialClient = Pick<
  EventStoreDBClient,
  | 'appendToStream'
  | 'deleteStream'
  | 'createPersistentSubscriptionToStream'
  | 'createPersistentSubscriptionToAll'
  | 'updatePersistentSubscriptionToStream'
  | 'updatePersistentSubscriptionToAll'
  | 'deletePersistentSubscriptionToStream'
  | 'deletePersistentSubscriptionToAll'
  | 'getPersistentSubscriptionToStreamInfo'
  | 'getPersistentSubscriptionToAllInfo'
  | 'listAllPersistentSubscriptions'
  | 'listPersistentSubscriptionsToStream'
  | 'listPersistentSubscriptionsToAll'
  | 'replayParkedMessagesToStream'
  | 'replayParkedMessagesToAll'
  | 'restartPersistentSubscriptionSubsystem'
  | 'subscribeToPersistentSubscriptionToStream'
  | 'subscribeToPersistentSubscriptionToAll'
  | 'dispose'
>;
export type Subscription = ReturnType<OfficialClient['subscribeToPersistentSubscriptionToStream']>;
export type Received = PersistentSubscriptionToStreamResolvedEvent;

/** A client by its package: each is loaded in a test file of its own, because their stubs share one global name. */
export interface ClientUnderTest {
  readonly name: string;
  /** `authority`: host, port and options, what stands behind the scheme of a connection string. */
  readonly connect: (authority: string) => OfficialClient;
}

const DEFAULTS = {
  startFrom: 'end',
  resolveLinkTos: false,
  extraStatistics: false,
  messageTimeout: 30_000,
  maxRetryCount: 10,
  checkPointAfter: 2_000,
  checkPointLowerBound: 10,
  checkPointUpperBound: 1_000,
  maxSubscriberCount: 'unbounded',
  liveBufferSize: 500,
  readBatchSize: 20,
  historyBufferSize: 500,
  consumerStrategyName: 'RoundRobin',
} as const;

/** The clients' own defaults with these changes. */
export const streamSettings = (
  changes: Partial<PersistentSubscriptionToStreamSettings> = {},
): PersistentSubscriptionToStreamSettings => ({ ...DEFAULTS, ...changes });
export const allSettings = (
  changes: Partial<PersistentSubscriptionToAllSettings> = {},
): PersistentSubscriptionToAllSettings => ({ ...DEFAULTS, ...changes });

/** `count` new events of a type, numbered in their data. */
export const numbered = (count: number, from = 0, type = 'Ordered'): JSONEventData[] =>
  Array.from({ length: count }, (_, index) => ({
    id: randomUUID(),
    contentType: 'application/json',
    type,
    data: { number: from + index },
    metadata: {},
  }));

/** The number in the data of an event that came by `numbered`. */
export const numberOf = ({ event }: Received): number => {
  const data: unknown = event?.data;
  if (typeof data === 'object' && data !== null && 'number' in data && typeof data.number === 'number')
    return data.number;
  throw new Error('The event has no number.');
};

/** Everything that a subscription delivers, and how it ended. */
export class Deliveries {
  readonly events: Received[] = [];
  readonly errors: Error[] = [];
  private readonly listeners = new Set<() => void>();

  constructor(
    readonly subscription: Subscription,
    onEvent: (received: Received, subscription: Subscription) => Promise<void> = async () => {},
  ) {
    subscription.on('data', (received: Received) => {
      this.events.push(received);
      onEvent(received, subscription).catch((error: unknown) => this.fail(error));
      this.tell();
    });
    subscription.on('error', (error: unknown) => this.fail(error));
  }

  get numbers(): ReadonlyArray<number> {
    return this.events.map(numberOf);
  }

  /** Resolves when `count` events have come in all. */
  async until(count: number): Promise<ReadonlyArray<Received>> {
    await this.settles(() => this.events.length >= count, `${count} events`);
    return this.events;
  }

  async untilError(): Promise<Error> {
    await this.settles(() => this.errors.length > 0, 'an error');
    return this.errors[0] ?? new Error('no error');
  }

  private fail(error: unknown): void {
    this.errors.push(error instanceof Error ? error : new Error(String(error)));
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }

  private settles(isSo: () => boolean, what: string): Promise<void> {
    if (isSo()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.listeners.delete(look);
        reject(new Error(`Waited in vain for ${what}; there are ${this.events.length} events: ${this.errors.join()}`));
      }, 20_000);
      const look = (): void => {
        if (!isSo()) return;
        clearTimeout(timer);
        this.listeners.delete(look);
        resolve();
      };
      this.listeners.add(look);
    });
  }
}

export const acknowledging = async (received: Received, subscription: Subscription): Promise<void> =>
  subscription.ack(received);

/** Looks every few milliseconds until it is so, at most twenty seconds. */
export const eventually = async (isSo: () => Promise<boolean> | boolean): Promise<void> => {
  const deadline = Date.now() + 20_000;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error('Waited in vain.');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

/** The error of a call that must fail. */
export const failureOf = async (call: Promise<unknown>): Promise<Error> => {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('The call did not fail.');
};
