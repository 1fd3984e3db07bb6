import { BoundedCache } from '../bounded-cache';
import type { LogReading } from './log-reading';
import { readStreamRequest } from './read-request';
import { uuidOf } from './recorded-event';

/** What the adapter knows of a stream: enough to judge any append without asking the server. */
export interface KnownStream {
  /** −1: no event. */
  lastRevision: number;
  /** Of all its events, or `null` when there are too many to keep: then the index of ids is asked. */
  readonly revisions: Map<string, number> | null;
}

/** Ids kept of one stream; more are looked up in the index. */
export const IDS_OF_ONE_STREAM = 20_000;

/** Streams and ids kept together, the ones used last: some hundred megabytes at worst. */
const STREAMS = 100_000;
const IDS_OF_ALL_STREAMS = 1_000_000;

/**
 * Streams with the ids of their events. The server's own memory of ids ends with its restart, and with
 * the revision that the stream stands at it looks at no id at all (`eventstoredb-protocol` 3.2); so
 * repeats are recognised here, and the exact revision makes sure that nothing came in between.
 */
export class KnownStreams {
  readonly #streams = new BoundedCache<string, KnownStream>(IDS_OF_ALL_STREAMS, {
    weigh: ({ revisions }) => IDS_OF_ALL_STREAMS / STREAMS + (revisions?.size ?? 0),
  });

  constructor(readonly reading: LogReading) {}

  isRemembered(streamId: string): boolean {
    return this.#streams.get(streamId) !== undefined;
  }

  /** The stream as remembered, or read whole once. @param since when waiting for the server began */
  async of(streamId: string, since?: number): Promise<KnownStream> {
    const remembered = this.#streams.get(streamId);
    if (remembered !== undefined) return remembered;
    const known = await this.#read(streamId, since);
    this.#streams.set(streamId, known);
    return known;
  }

  /**
   * What is remembered, compared with where the stream ends now; read anew when somebody else has written.
   * A stream only grows, so the same end means the same stream.
   */
  async confirmed(streamId: string, known: KnownStream): Promise<KnownStream> {
    const messages = await this.reading.whole(readStreamRequest(streamId, 'backwards', 'end', 1));
    const revisions = messages.flatMap((message) => message.getEvent()?.getEvent()?.getStreamRevision() ?? []);
    if (Number(revisions[0] ?? -1) <= known.lastRevision) return known;
    this.forget(streamId);
    return this.of(streamId);
  }

  /** After an append. */
  grown(streamId: string, known: KnownStream, ids: ReadonlyArray<string>, firstRevision: number): void {
    known.lastRevision = firstRevision + ids.length - 1;
    for (const [index, id] of ids.entries()) known.revisions?.set(id, firstRevision + index);
    const tooMany = known.revisions !== null && known.revisions.size > IDS_OF_ONE_STREAM;
    this.#streams.set(streamId, tooMany ? { lastRevision: known.lastRevision, revisions: null } : known);
  }

  /** What is remembered may not be so any more: somebody else has written, or an outcome is unknown. */
  forget(streamId: string): void {
    this.#streams.delete(streamId);
  }

  async #read(streamId: string, since: number | undefined): Promise<KnownStream> {
    const attempts = this.reading.attempts(since);
    for (;;) {
      try {
        return await this.#readOnce(streamId);
      } catch (error) {
        await attempts.failed(error);
      }
    }
  }

  /** Backwards, so that the first event tells how long the stream is. */
  async #readOnce(streamId: string): Promise<KnownStream> {
    const revisions = new Map<string, number>();
    let lastRevision = -1;
    const request = readStreamRequest(streamId, 'backwards', 'end', Number.MAX_SAFE_INTEGER);
    for await (const message of this.reading.once(request)) {
      const record = message.getEvent()?.getEvent();
      if (record === undefined) continue;
      const revision = Number(record.getStreamRevision());
      if (lastRevision === -1) lastRevision = revision;
      if (lastRevision >= IDS_OF_ONE_STREAM) return { lastRevision, revisions: null };
      revisions.set(uuidOf(record.getId()), revision);
    }
    return { lastRevision, revisions };
  }
}
