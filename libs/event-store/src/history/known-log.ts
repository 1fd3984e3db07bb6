import * as E from 'fp-ts/Either';
import type { AppendCall, Call, History, ShownEvent } from './call';
import type { Violation } from './violation';

/** An event and its place, as all that have told of it agree. */
export interface KnownEvent {
  readonly id: string;
  readonly streamId: string;
  readonly revision: number;
  readonly position: number;
  readonly type: string;
  /** `null`: it was acknowledged and never shown. */
  readonly shown: ShownEvent | null;
}

/** One telling of where an event lies. */
interface Telling extends KnownEvent {
  readonly call: string;
  readonly invoked: number;
  readonly at: number;
}

/** Every event that a call shows, and when it was shown. */
export function* showings(
  call: Call,
): Generator<{ readonly event: ShownEvent; readonly invoked: number; readonly at: number }> {
  const at = call.ended ?? Infinity;
  const { invoked } = call;
  if (call.kind === 'read') for (const event of call.shown) yield { event, invoked, at };
  else if (call.kind === 'lookup' && call.found) yield { event: call.found, invoked, at };
  else if (call.kind === 'subscription') {
    let before = invoked;
    for (const message of call.messages) {
      for (const event of message.shown) yield { event, invoked: before, at: message.at };
      before = message.at;
    }
  }
}

function* tellings(history: History): Generator<Telling> {
  for (const call of history) {
    if (call.kind === 'append') {
      if (call.answer.kind !== 'ok') continue;
      const at = call.ended ?? Infinity;
      for (const [n, where] of call.answer.places.entries()) {
        const type = call.events[n]?.type ?? '';
        yield { ...where, streamId: call.streamId, type, shown: null, call: call.call, invoked: call.invoked, at };
      }
    } else
      for (const { event, invoked, at } of showings(call)) {
        const { id, streamId, revision, position, type } = event;
        yield { id, streamId, revision, position, type, shown: event, call: call.call, invoked, at };
      }
  }
}

const place = ({ id, streamId, revision, position }: KnownEvent): string =>
  `${id} at position ${position} (${streamId}@${revision})`;

/**
 * The log as all answers together tell it. It is the one order of every reader: that they agree about it
 * is checked while it is put together, everything else is checked against it.
 */
export class KnownLog {
  readonly indexOfId = new Map<string, number>();
  readonly indexOfPosition = new Map<number, number>();
  readonly streams = new Map<string, number[]>();
  /** For each event the index of the first and of the last event of its append. */
  readonly firstOfAppend: number[];
  readonly lastOfAppend: number[];
  readonly #lastShownAfter = new Map<string, number>();

  private constructor(
    readonly events: ReadonlyArray<KnownEvent>,
    readonly appends: ReadonlyMap<string, ReadonlyArray<AppendCall>>,
    history: History,
  ) {
    for (const [index, { id, position, streamId }] of events.entries()) {
      this.indexOfId.set(id, index);
      this.indexOfPosition.set(position, index);
      const stream = this.streams.get(streamId);
      if (stream === undefined) this.streams.set(streamId, [index]);
      else stream.push(index);
    }
    this.firstOfAppend = events.map((_, index) => index);
    this.lastOfAppend = events.map((_, index) => index);
    for (const call of history) {
      this.#keepTogether(call);
      for (const { event, invoked } of showings(call))
        this.#lastShownAfter.set(event.id, Math.max(invoked, this.#lastShownAfter.get(event.id) ?? -1));
    }
  }

  #keepTogether(call: Call): void {
    if (call.kind !== 'append' || (call.answer.kind !== 'ok' && call.answer.kind !== 'unknown')) return;
    const indexes = call.events.flatMap(({ id }) => this.indexOfId.get(id) ?? []);
    if (indexes.length < 2) return;
    const first = Math.min(...indexes);
    const last = Math.max(...indexes);
    for (const index of indexes) {
      this.firstOfAppend[index] = first;
      this.lastOfAppend[index] = last;
    }
  }

  /** Whether a look that began at `moment` or later shows the event. */
  isShownFrom(id: string, moment: number): boolean {
    return (this.#lastShownAfter.get(id) ?? -1) >= moment;
  }

  /** Index of the last event at or before a position; −1: none. */
  indexAt(position: number): number {
    const exact = this.indexOfPosition.get(position);
    if (exact !== undefined) return exact;
    let low = 0;
    let high = this.events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.events[middle]?.position ?? 0) <= position) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** Index of the event with this revision of a stream, when it is known. */
  indexOfRevision(streamId: string, revision: number): number | undefined {
    const stream = this.streams.get(streamId);
    // Without holes in what is known an event's place in the list is its revision.
    const direct = stream?.[revision];
    if (direct !== undefined && this.events[direct]?.revision === revision) return direct;
    return stream?.find((index) => this.events[index]?.revision === revision);
  }

  /** Puts the log together, or says who contradicts whom. */
  static of(history: History): E.Either<Violation, KnownLog> {
    const told = [...tellings(history)].sort((a, b) => a.at - b.at);
    const byId = new Map<string, Telling>();
    const byPosition = new Map<number, Telling>();
    const byRevision = new Map<string, Telling>();
    const lastSeen = new Map<string, number>();
    const shownIds = new Set(told.flatMap(({ id, shown }) => (shown === null ? [] : [id])));
    for (const { id, invoked } of told) lastSeen.set(id, Math.max(invoked, lastSeen.get(id) ?? -1));
    for (const telling of told) {
      const { id, position, streamId, revision, shown } = telling;
      const contradiction = (
        other: Telling | undefined,
        kind: Violation['kind'],
      ): E.Either<Violation, never> | undefined =>
        other === undefined || (other.id === id && place(other) === place(telling))
          ? undefined
          : E.left({
              kind,
              subject: other.id,
              explanation: `${place(other)} in ${other.call}, but ${place(telling)} in ${telling.call}`,
              calls: [other.call, telling.call],
            });
      const here = byPosition.get(position) ?? byRevision.get(`${streamId}@${revision}`);
      // Its place was given away and nobody has seen it since: it is gone. Nor was there ever one that was
      // acknowledged in a place where readers see another.
      const isGone = here !== undefined && here.id !== id && (lastSeen.get(here.id) ?? -1) <= telling.at;
      const wasNever = here !== undefined && here.id !== id && !shownIds.has(id) && shownIds.has(here.id);
      const found =
        contradiction(byId.get(id), 'doubled') ?? contradiction(here, isGone || wasNever ? 'lost' : 'reordered');
      if (found !== undefined) return found;
      const known = byId.get(id);
      if (known?.shown && shown && !sameEvent(known.shown, shown))
        return E.left({
          kind: 'altered',
          subject: id,
          explanation: `${place(telling)} is shown as ${described(known.shown)} in ${known.call} and as ${described(shown)} in ${telling.call}`,
          calls: [known.call, telling.call],
        });
      if (known === undefined || (known.shown === null && shown !== null)) byId.set(id, telling);
      byPosition.set(position, byId.get(id) ?? telling);
      byRevision.set(`${streamId}@${revision}`, byId.get(id) ?? telling);
    }
    return E.right(
      new KnownLog(
        [...byId.values()].sort((a, b) => a.position - b.position),
        appendsById(history),
        history,
      ),
    );
  }
}

const sameEvent = (a: ShownEvent, b: ShownEvent): boolean =>
  a.type === b.type && a.content === b.content && a.recordedAt === b.recordedAt;

const described = ({ type, content, recordedAt }: ShownEvent): string => `${type} ${content} recorded at ${recordedAt}`;

const appendsById = (history: History): ReadonlyMap<string, ReadonlyArray<AppendCall>> => {
  const appends = new Map<string, AppendCall[]>();
  for (const call of history)
    if (call.kind === 'append')
      for (const { id } of call.events) {
        const asked = appends.get(id);
        if (asked === undefined) appends.set(id, [call]);
        else asked.push(call);
      }
  return appends;
};
