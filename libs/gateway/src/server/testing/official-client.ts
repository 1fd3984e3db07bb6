/** What both clients call an expected revision. */
export type ExpectedState = 'any' | 'no_stream' | 'stream_exists' | bigint;
/** Where a read begins. */
export type From = 'start' | 'end' | bigint;
export type LogPosition = { readonly commit: bigint; readonly prepare: bigint };

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** The parts of a recorded event that both clients show alike. */
export interface Recorded {
  readonly id: string;
  readonly streamId: string;
  readonly type: string;
  readonly revision: bigint;
  readonly isJson: boolean;
  readonly data: unknown;
  readonly metadata?: unknown;
  readonly created: Date;
  readonly position?: LogPosition | undefined;
}

export interface Resolved {
  readonly event?: Recorded | undefined;
  readonly link?: Recorded | undefined;
  readonly commitPosition?: bigint | undefined;
}

export interface EventToAppend {
  readonly type: string;
  readonly id?: string;
  readonly data: Record<string, unknown> | Uint8Array;
  readonly metadata?: Record<string, unknown>;
}

export interface CallOptions {
  readonly credentials?: Credentials;
  /** Milliseconds. */
  readonly deadline?: number;
}

export interface ReadOptions extends CallOptions {
  readonly from?: From;
  readonly direction?: 'forwards' | 'backwards';
  readonly limit?: number;
  readonly resolveLinks?: boolean;
}

export interface ReadAllOptions extends Omit<ReadOptions, 'from'> {
  readonly from?: 'start' | 'end' | LogPosition;
  /** The older client has none on plain reads. */
  readonly filter?: FilterGiven;
}

export interface FilterGiven {
  readonly on: 'type' | 'stream';
  readonly prefixes?: ReadonlyArray<string>;
  readonly regex?: string;
  readonly window?: number;
  readonly interval?: number;
  readonly checkpoint?: (position: LogPosition) => void;
}

export interface SubscribeAllOptions extends CallOptions {
  readonly from?: 'start' | 'end' | LogPosition;
  readonly filter?: FilterGiven;
}

export interface Subscribed extends AsyncIterable<Resolved> {
  readonly once: (event: string, listener: (...values: unknown[]) => void) => unknown;
  readonly on: (event: string, listener: (...values: unknown[]) => void) => unknown;
  readonly unsubscribe: () => Promise<void>;
}

export interface Appended {
  readonly success: boolean;
  readonly nextExpectedRevision: bigint;
  readonly position?: LogPosition | undefined;
}

/**
 * The calls for streams that both official clients have, in one shape, so that one specification drives both.
 * Never load both in one process: their generated messages share global names and overwrite each other.
 */
export interface OfficialClient {
  readonly append: (
    streamId: string,
    events: ReadonlyArray<EventToAppend>,
    options?: CallOptions & { readonly expected?: ExpectedState },
  ) => Promise<Appended>;
  readonly readStream: (streamId: string, options?: ReadOptions) => AsyncIterable<Resolved>;
  readonly readAll: (options?: ReadAllOptions) => AsyncIterable<Resolved>;
  readonly subscribeToStream: (streamId: string, options?: ReadOptions) => Subscribed;
  readonly subscribeToAll: (options?: SubscribeAllOptions) => Subscribed;
  readonly delete: (streamId: string, expected?: 'any' | 'no_stream' | bigint) => Promise<unknown>;
  readonly tombstone: (streamId: string, expected?: 'any' | 'no_stream' | bigint) => Promise<unknown>;
  readonly setMetadata: (
    streamId: string,
    metadata: Record<string, unknown>,
    options?: CallOptions,
  ) => Promise<Appended>;
  readonly getMetadata: (
    streamId: string,
    options?: CallOptions,
  ) => Promise<{ readonly metadata?: Record<string, unknown> | undefined }>;
  readonly dispose: () => Promise<void>;
}

export const collected = async <A>(items: AsyncIterable<A>): Promise<ReadonlyArray<A>> => {
  const all: A[] = [];
  for await (const item of items) all.push(item);
  return all;
};

/** Takes `count` events, then leaves. */
export const taken = async (subscription: Subscribed, count: number): Promise<ReadonlyArray<Resolved>> => {
  const events: Resolved[] = [];
  if (count === 0) return events;
  for await (const event of subscription) {
    events.push(event);
    if (events.length === count) break;
  }
  return events;
};

/** How a call failed, in the older client's words; a call that succeeds is an error of the test. */
export const failure = async (work: Promise<unknown>): Promise<Record<string, unknown>> => {
  const outcome = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (outcome === null || typeof outcome !== 'object') throw new Error('The call has succeeded.');
  const { expectedState, actualState, ...same }: Record<string, unknown> = { ...outcome };
  return {
    ...same,
    ...(expectedState === undefined ? {} : { expectedVersion: expectedState }),
    ...(actualState === undefined ? {} : { actualVersion: actualState }),
  };
};
