import { setTimeout as wait } from 'node:timers/promises';
import * as E from 'fp-ts/Either';
import type { Appended, ExpectedRevision, Position, Revision } from '../port';
import type { PreparedAppend } from '../sqlite/prepare-append';
import type { AppendOutcome, WritingParts } from './appending';
import type { AppendReply } from './batch-appends';
import { judgeRepeated, type KnownPlace } from './judge-repeated';
import type { KnownStream } from './known-streams';
import { readStreamRequest } from './read-request';
import { streamDeletedMessage } from '../store-errors';
import { exceptionOf, messageOf } from './server-failure';
import { pauseAfter } from './timings';

export interface Asked extends PreparedAppend {
  /** When it was asked, in milliseconds since 1970: from then on counts how long the server is waited for. */
  readonly at: number;
  readonly settle: (outcome: AppendOutcome) => void;
}

/** One append to the server: requests in a row that agree with the stream as it will be then. */
interface Batch {
  readonly asked: ReadonlyArray<Asked>;
  /** What the stream must end with; −1: it must have no event. */
  readonly lastRevision: number;
}

/** Of what was sent when its ids were known not to be in the stream. */
const NOT_THERE: Position = 0n;

/** Requests in one append of the server's. */
const EVENTS_AT_ONCE = 500;
const BYTES_AT_ONCE = 256 * 1_024;

/** How often an append is asked again because another writer has been faster. */
const CONTENTIONS = 200;

const accepts = (expected: ExpectedRevision, last: number): boolean =>
  expected === 'any' ||
  (expected === 'noStream' ? last === -1 : expected === 'streamExists' ? last >= 0 : expected === last);

/**
 * The appends of one stream, one after the other. Every append carries the exact revision that the
 * stream must end with. So an append whose answer is lost is asked again with the same ids and the
 * same revision: should the first have gone in, also late, the server recognises the second; should
 * another writer have been faster, neither goes in any more (`eventstoredb-protocol` 3.2).
 */
export class StreamWriter {
  readonly #queue: Asked[] = [];
  /**
   * Requests that have been sent and not been answered, with a position of a moment before: their ids in the
   * stream after it are ours.
   */
  readonly #sent = new Map<Asked, Position>();
  /** The server has said that there is more in the stream than what we wrote. */
  #isThere = false;
  #failures = 0;
  #contentions = 0;
  /** After a refusal of several together each is asked alone, to see which it was. */
  #alone = 0;

  constructor(
    readonly streamId: string,
    readonly parts: WritingParts,
  ) {}

  get isIdle(): boolean {
    return this.#queue.length === 0;
  }

  push(asked: Asked): void {
    this.#queue.push(asked);
  }

  /**
   * Answers at least one request, or comes nearer to it. Never rejects.
   * @param inCrowd many other streams are written at the same time
   */
  async turn(inCrowd: boolean): Promise<void> {
    try {
      if (inCrowd && this.#mayBeNew()) return await this.#writeAsNew();
      let known = await this.parts.known.of(this.streamId, this.#queue[0]?.at);
      let batch = await this.#judge(known, 'remembered');
      if (batch === null) {
        known = await this.parts.known.confirmed(this.streamId, known);
        batch = await this.#judge(known, 'confirmed');
      }
      if (batch !== null && batch.asked.length > 0) await this.#write(batch, known);
    } catch (error) {
      if (exceptionOf(error) === 'stream-deleted') return this.#deleted([...this.#queue]);
      for (const asked of [...this.#queue]) this.#failed(asked, messageOf(error));
    }
  }

  #mayBeNew(): boolean {
    const [first] = this.#queue;
    return (
      first !== undefined &&
      !this.#isThere &&
      !this.#sent.has(first) &&
      accepts(first.expectedRevision, -1) &&
      !this.parts.known.isRemembered(this.streamId)
    );
  }

  /**
   * Most facts open a stream, and to read each of those first would cost more than to write it. So it is
   * written as if it had no event: the server refuses that when it has one, unless it is this very append,
   * which it then answers with its old place (`eventstoredb-protocol` 3.2). The end of the log a moment
   * before, one question for all who ask, tells the two apart.
   */
  async #writeAsNew(): Promise<void> {
    const before = await this.parts.head.ask();
    const empty: KnownStream = { lastRevision: -1, revisions: new Map() };
    const batch = await this.#judge(empty, 'confirmed');
    if (batch === null || batch.asked.length === 0) return;
    const reply = await this.#send(batch, before);
    if (reply.kind === 'appended' && reply.lastPosition > before)
      return this.#appended(batch.asked, empty, reply, before);
    if (reply.kind === 'appended' || reply.kind === 'wrongRevision') {
      this.#isThere = true;
      // Whatever of it is in the stream was there before.
      for (const request of batch.asked) this.#sent.delete(request);
    }
    if (reply.kind !== 'appended') await this.#notAppended(batch, reply);
  }

  /**
   * Settles what can be judged without writing, and collects what is to be written together. `null`: what is
   * remembered would refuse a request for its revision. Others may have written since, and a caller
   * who has read what they wrote is right: only where the stream ends now may refuse him.
   */
  async #judge(known: KnownStream, knowledge: 'remembered' | 'confirmed'): Promise<Batch | null> {
    const batch: Asked[] = [];
    const ids = new Set<string>();
    const last = known.lastRevision;
    let next = last;
    let bytes = 0;
    for (const asked of [...this.#queue]) {
      // A twin of an event that is about to be written is judged when that has been answered.
      if (asked.events.some(({ id }) => ids.has(id))) break;
      const repeated = await this.#repeated(asked, known);
      if (repeated === null && accepts(asked.expectedRevision, next)) {
        const size = asked.events.reduce((sum, { data, metadata }) => sum + data.length + metadata.length, 0);
        if (batch.length > 0 && (this.#alone > 0 || ids.size >= EVENTS_AT_ONCE || bytes + size > BYTES_AT_ONCE)) break;
        bytes += size;
        for (const { id } of asked.events) ids.add(id);
        next += asked.events.length;
        batch.push(asked);
        continue;
      }
      // Its answer tells of events that are not written yet.
      if (batch.length > 0) break;
      if (repeated === null && knowledge === 'remembered') return null;
      this.#settle(asked, repeated ?? this.#wrongRevision(asked, last));
    }
    return { asked: batch, lastRevision: last };
  }

  #wrongRevision({ expectedRevision }: Asked, last: number): AppendOutcome {
    return E.left({
      code: 'WrongExpectedRevision',
      streamId: this.streamId,
      expected: expectedRevision,
      actual: last === -1 ? null : last,
    });
  }

  /** The answer to a request of which an id is in the stream; `null` when none is. */
  async #repeated(asked: Asked, known: KnownStream): Promise<AppendOutcome | null> {
    const places =
      known.revisions === null
        ? await this.#placesByIndex(asked)
        : await this.#placesByRevision(asked, known.revisions);
    const answer = judgeRepeated(asked, places);
    const before = this.#sent.get(asked);
    if (answer === null || E.isLeft(answer) || before === undefined) return answer;
    // What was not there when it was sent was written by this append.
    return E.right({ ...answer.right, duplicate: answer.right.events.some(({ position }) => position <= before) });
  }

  async #placesByRevision(
    { events }: Asked,
    revisions: ReadonlyMap<string, number>,
  ): Promise<ReadonlyArray<KnownPlace | null>> {
    const wanted = events.map(({ id }) => revisions.get(id));
    const there = wanted.filter((revision) => revision !== undefined);
    if (there.length === 0) return events.map(() => null);
    const stored = await this.parts.reading.eventsOf(this.streamId, there);
    return wanted.map((revision) => (revision === undefined ? null : (stored.get(revision) ?? null)));
  }

  /** A stream with too many ids to keep them: the index of the whole log knows them. */
  async #placesByIndex({ events }: Asked): Promise<ReadonlyArray<KnownPlace | null>> {
    const positions = await this.parts.lookups.positionsOf(events.map(({ id }) => id));
    const stored = await this.parts.lookups.eventsAt(positions.flat());
    return events.map(({ id }) => stored.find((event) => event.id === id && event.streamId === this.streamId) ?? null);
  }

  async #write(batch: Batch, known: KnownStream): Promise<void> {
    const before = this.parts.appends.highest;
    const reply = await this.#send(batch, NOT_THERE);
    if (reply.kind === 'appended') await this.#appended(batch.asked, known, reply, before);
    else await this.#notAppended(batch, reply);
  }

  /** @param before a position before which nothing in the stream is ours */
  async #send({ asked, lastRevision }: Batch, before: Position): Promise<AppendReply> {
    const events = asked.flatMap((request) => request.events);
    for (const request of asked) this.#sent.set(request, before);
    // fault point: the adapter is about to send an append
    const reply = await this.parts.appends.append(this.streamId, lastRevision, events);
    // fault point: the adapter has the answer to an append
    return reply;
  }

  async #notAppended({ asked, lastRevision }: Batch, reply: Exclude<AppendReply, { kind: 'appended' }>): Promise<void> {
    this.parts.known.forget(this.streamId);
    if (reply.kind === 'wrongRevision') return this.#overtaken(asked, lastRevision, reply.actual);
    if (reply.kind === 'deleted') return this.#deleted(asked);
    if (reply.kind === 'unknown') return this.#unknown(asked, reply.message);
    for (const request of asked) this.#sent.delete(request);
    if (asked.length > 1) {
      this.#alone = asked.length;
      return;
    }
    const [only] = asked;
    if (only !== undefined) this.#settle(only, await this.#refusal(only, reply));
  }

  async #appended(
    asked: ReadonlyArray<Asked>,
    known: KnownStream,
    { lastRevision, lastPosition }: Extract<AppendReply, { kind: 'appended' }>,
    before: Position,
  ): Promise<void> {
    const ids = asked.flatMap(({ events }) => events.map(({ id }) => id));
    const firstRevision = lastRevision - ids.length + 1;
    let positions: ReadonlyArray<Position>;
    try {
      positions = await this.#positions(ids.length, firstRevision, lastPosition, before);
    } catch (error) {
      this.parts.known.forget(this.streamId);
      return this.#unknown(asked, `the events are appended, their positions could not be read: ${messageOf(error)}`);
    }
    this.parts.known.grown(this.streamId, known, ids, firstRevision);
    let index = 0;
    for (const request of asked) {
      const events: Appended['events'] = request.events.map(({ id }) => {
        const position = positions[index] ?? lastPosition;
        const revision: Revision = firstRevision + index;
        index += 1;
        this.parts.lookups.seen(id, position);
        return { id, revision, position };
      });
      this.#settle(request, E.right({ streamId: this.streamId, events, duplicate: false }));
    }
  }

  /**
   * The server answers with the position of the last event only. The others are read, unless they
   * cannot lie anywhere else: `count` different positions above `before` and up to `last`.
   */
  async #positions(count: number, first: number, last: Position, before: Position): Promise<ReadonlyArray<Position>> {
    if (count === 1) return [last];
    if (last - before === BigInt(count)) return Array.from({ length: count }, (_, n) => before + 1n + BigInt(n));
    const messages = await this.parts.reading.whole(readStreamRequest(this.streamId, 'forwards', first, count));
    const positions = messages.flatMap((message) => {
      const record = message.getEvent()?.getEvent();
      return record === undefined ? [] : [BigInt(record.getCommitPosition())];
    });
    if (positions.length !== count) throw new Error(`${positions.length} of ${count} events can be read`);
    return positions;
  }

  /** Another writer was faster; what it wrote decides. */
  async #overtaken(asked: ReadonlyArray<Asked>, believed: number, actual: number): Promise<void> {
    this.#contentions += 1;
    if (this.#contentions <= CONTENTIONS) {
      const known = await this.parts.known.of(this.streamId);
      // Events that cannot be read (truncated) still count.
      if (known.lastRevision < actual) known.lastRevision = actual;
      if (known.lastRevision !== believed) return;
      // The server knows more than a read shows: wait for the read to follow.
      this.parts.known.forget(this.streamId);
      await wait(pauseAfter(this.parts.reading.timings, this.#contentions));
      return;
    }
    for (const request of asked) {
      this.#sent.delete(request);
      this.#settle(
        request,
        E.left({
          code: 'StoreFailed',
          message: `Nothing was appended to ${this.streamId}: other writers were faster ${CONTENTIONS} times. Try again.`,
        }),
      );
    }
  }

  async #unknown(asked: ReadonlyArray<Asked>, message: string): Promise<void> {
    const { timings, connection } = this.parts.reading;
    // fault point: the adapter does not know what has become of an append
    this.#failures += 1;
    const pause = pauseAfter(timings, this.#failures);
    const late = asked.filter(({ at }) => Date.now() + pause - at > timings.giveUpMs);
    if (late.length === 0) await wait(pause);
    for (const request of late) this.#failed(request, `${connection.name} does not answer: ${message}`);
  }

  #failed(asked: Asked, message: string): void {
    const outcome = this.#sent.has(asked)
      ? `The outcome is unknown: the events may or may not be in the log. Ask again with the same ids. ${message}`
      : `Nothing was appended. ${message}`;
    this.parts.known.forget(this.streamId);
    this.#settle(asked, E.left({ code: 'StoreFailed', message: outcome }));
  }

  #deleted(asked: ReadonlyArray<Asked>): void {
    const { streamId } = this;
    for (const request of asked)
      this.#settle(request, E.left({ code: 'StreamDeleted', streamId, message: streamDeletedMessage(streamId) }));
  }

  /** Nothing was appended. An id that lies in another stream is the store's own error, not the server's. */
  async #refusal(asked: Asked, reply: Extract<AppendReply, { kind: 'tooLarge' | 'refused' }>): Promise<AppendOutcome> {
    if (reply.kind === 'tooLarge') {
      const message = `must not have more than ${reply.maximum} bytes of data together: the server takes no more`;
      return E.left({ code: 'InvalidEvent', path: '/events', message });
    }
    const { message, invalid } = reply;
    if (!invalid)
      return E.left({ code: 'StoreFailed', message: `Nothing was appended: the server refuses it: ${message}` });
    const named = asked.events.map(({ id }) => id).filter((id) => message.includes(id));
    const positions = named.length === 0 ? [] : await this.parts.lookups.positionsOf(named);
    for (const [index, eventId] of named.entries()) {
      const position = positions[index]?.[0];
      if (position !== undefined)
        return E.left({ code: 'EventIdConflict', streamId: this.streamId, eventId, position });
    }
    return E.left({ code: 'InvalidEvent', path: '/events', message });
  }

  #settle(asked: Asked, outcome: AppendOutcome): void {
    const index = this.#queue.indexOf(asked);
    if (index === -1) return;
    this.#queue.splice(index, 1);
    this.#sent.delete(asked);
    this.#alone = Math.max(0, this.#alone - 1);
    this.#failures = 0;
    this.#contentions = 0;
    // fault point: the adapter is about to answer
    asked.settle(outcome);
  }
}
