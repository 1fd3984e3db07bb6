import { type AppendCall, type History, matchesFilter, type ReadCall } from './call';
import type { KnownLog } from './known-log';
import type { Violation } from './violation';

/**
 * What a call says about the state of the log at the one moment when it takes effect. A state is the
 * index of the last event that is in the log then; −1: it is empty.
 */
interface Sight {
  readonly call: string;
  readonly invoked: number;
  readonly ended: number;
  /** At least this was in the log. For an append: what it has left. */
  readonly lowest: number;
  /** At most this was in the log. For an append: what it has found. */
  readonly highest: number;
  /** Index of the first event that the call shows not to be there; `null` in an append that went in. */
  readonly missing: number | null;
}

const NOTHING = -1;

/** Puts a sight together; states are the ends of whole appends. */
const sight = (
  log: KnownLog,
  timed: { readonly call: string; readonly invoked: number; readonly ended: number | null },
  seen: number | undefined,
  missing: number | undefined,
): Sight => ({
  call: timed.call,
  invoked: timed.invoked,
  ended: timed.ended ?? Infinity,
  lowest: seen === undefined ? NOTHING : (log.lastOfAppend[seen] ?? NOTHING),
  highest: missing === undefined ? Infinity : (log.firstOfAppend[missing] ?? Infinity) - 1,
  missing: missing ?? null,
});

const first = (...indexes: ReadonlyArray<number | undefined>): number | undefined => {
  const there = indexes.filter((index) => index !== undefined);
  return there.length === 0 ? undefined : Math.min(...there);
};

function* appendSight(call: AppendCall, log: KnownLog): Generator<Sight> {
  const { answer, streamId } = call;
  if (answer.kind === 'ok') yield sight(log, call, log.indexOfId.get(answer.places.at(-1)?.id ?? ''), undefined);
  else if (answer.kind === 'conflict') yield sight(log, call, log.indexOfId.get(answer.eventId), undefined);
  else if (answer.kind === 'wrongRevision') {
    const { actual } = answer;
    // An id that is in the log is recognised before revisions are compared.
    const own = call.events.map(({ id }) => log.indexOfId.get(id));
    const next = log.indexOfRevision(streamId, actual === null ? 0 : actual + 1);
    yield sight(log, call, actual === null ? undefined : log.indexOfRevision(streamId, actual), first(next, ...own));
  }
}

const nextMatching = (log: KnownLog, from: number, before: number, call: ReadCall): number | undefined => {
  if (!('filter' in call.of)) return undefined;
  for (let index = from; index < log.events.length; index++) {
    const event = log.events[index];
    if (event === undefined || event.position >= before) return undefined;
    if (matchesFilter(call.of.filter, event)) return index;
  }
  return undefined;
};

const readSight = (call: ReadCall, log: KnownLog): Sight => {
  const { shown, direction, from, limit, complete, of } = call;
  const forwards = direction === 'forwards';
  const top = forwards ? shown.at(-1) : shown[0];
  const seen = top === undefined ? undefined : log.indexOfId.get(top.id);
  // Forwards the end says what is not there; backwards the beginning does.
  const tellsEnd = forwards ? complete && shown.length < (limit ?? Infinity) : complete || shown.length > 0;
  if (!tellsEnd) return sight(log, call, seen, undefined);
  if ('streamId' in of) {
    const next = top === undefined ? (forwards ? (from ?? 0) : 0) : top.revision + 1;
    const isAsked = forwards || from === null || next <= from;
    return sight(log, call, seen, isAsked ? log.indexOfRevision(of.streamId, next) : undefined);
  }
  const start = forwards ? log.indexAt(from ?? 0) + 1 : 0;
  const before = forwards ? Infinity : (from ?? Infinity);
  return sight(log, call, seen, nextMatching(log, Math.max(start, (seen ?? NOTHING) + 1), before, call));
};

function* sightsOf(history: History, log: KnownLog): Generator<Sight> {
  for (const call of history)
    switch (call.kind) {
      case 'append':
        yield* appendSight(call, log);
        break;
      case 'read':
        yield readSight(call, log);
        break;
      case 'lookup': {
        const index = log.indexOfId.get(call.eventId);
        if (call.found) yield sight(log, call, index, undefined);
        else if (call.found === null) yield sight(log, call, undefined, index);
        break;
      }
      case 'head': {
        if (call.position === undefined) break;
        const index = log.indexAt(call.position);
        yield sight(log, call, index, index + 1 < log.events.length ? index + 1 : undefined);
        break;
      }
      case 'subscription': {
        let { invoked } = call;
        for (const { at, shown, caughtUp } of call.messages) {
          const last = shown.at(-1);
          const seen = last === undefined ? log.indexAt(caughtUp ?? 0) : log.indexOfId.get(last.id);
          yield sight(log, { call: call.call, invoked, ended: at }, seen, undefined);
          invoked = at;
        }
        break;
      }
      case 'projection':
        for (const { at, position } of call.states)
          yield sight(log, { call: call.call, invoked: call.invoked, ended: at }, log.indexAt(position), undefined);
        break;
    }
}

/** Each append that is in the log, once, however often it was asked for. */
function* writesOf(log: KnownLog): Generator<Sight> {
  for (const [index, { id }] of log.events.entries()) {
    if (log.firstOfAppend[index] !== index) continue;
    const writers = (log.appends.get(id) ?? []).filter(
      ({ answer }) => answer.kind === 'ok' || answer.kind === 'unknown',
    );
    const [writer] = writers;
    if (writer === undefined) continue;
    // An answer "ok" is a sight of its own, which says by when it was there.
    const bounded = writers.every(({ answer, ended }) => answer.kind === 'unknown' && ended !== null);
    yield {
      call: writer.call,
      invoked: Math.min(...writers.map(({ invoked }) => invoked)),
      ended: bounded ? Math.max(...writers.map(({ ended }) => ended ?? Infinity)) : Infinity,
      lowest: log.lastOfAppend[index] ?? index,
      highest: index - 1,
      missing: null,
    };
  }
}

const explain = (log: KnownLog, before: Sight, after: Sight): Violation => {
  const known = log.events[before.lowest];
  const calls = [before.call, after.call];
  if (after.missing === null) {
    const event = log.events[after.lowest];
    const explanation = `${after.call} was asked after ${before.call} had been answered, and its event at position ${event?.position ?? ''} lies before position ${known?.position ?? ''}, which ${before.call} knew`;
    return { kind: 'reordered', subject: event?.id ?? '', explanation, calls };
  }
  const missing = log.events[after.missing];
  const id = missing?.id ?? '';
  const isLost = !log.isShownFrom(id, after.invoked);
  const where = `${id} at position ${missing?.position ?? ''} (${missing?.streamId ?? ''}@${missing?.revision ?? ''})`;
  return {
    kind: isLost ? 'lost' : 'stale',
    subject: id,
    explanation: `${before.call} was answered with position ${known?.position ?? ''}; after that ${after.call} was asked, and its answer has not ${where}${isLost ? '; nobody sees it any more' : ''}`,
    calls,
  };
};

/**
 * Whether each call can have taken effect at one moment between its invocation and its end, so that all
 * calls together are what one log would have answered, asked one call after the other: linearizability
 * (Herlihy & Wing, "Linearizability: a correctness condition for concurrent objects", TOPLAS 12(3) 1990;
 * testing of histories: Wing & Gong, JPDC 17 1993). In general that is NP-complete (Gibbons & Korach,
 * "Testing shared memories", SIAM J. Comput. 26(4) 1997); it is easy here, as it is for their case of a known
 * order of writes and for the lists of Elle (Kingsbury & Alvaro, VLDB 14(3) 2020): ids are unique and
 * reads show positions, so the order of the states is known.
 *
 * A state is the number of events in the log. A call allows a range of states, an append moves one
 * state to the next. Suppose Z was answered before X was invoked. Then Z takes effect before X, and as the log
 * only grows X must find at least what Z has seen: `Z.lowest ≤ X.highest`. If this holds for every such
 * pair, give each call the state max(its own lowest, the lowest of all calls answered before it was
 * invoked): it lies in the call's range; sorted by that state (the append that makes a state first, then by
 * invocation) the calls stand in an order that no pair in real time contradicts. So the condition is
 * necessary and sufficient. One sweep over the moments checks it, with the greatest `lowest` of the
 * calls answered so far; the cost is that of sorting. The log is one object, so this includes each
 * stream, the answers about expected revisions, and that no session goes back.
 */
export function* checkOrder(history: History, log: KnownLog): Generator<Violation> {
  const sights = [...sightsOf(history, log), ...writesOf(log)];
  for (const { lowest, highest, missing, call } of sights)
    if (missing !== null && lowest > highest) {
      const event = log.events[missing];
      yield {
        kind: 'torn',
        subject: event?.id ?? '',
        explanation: `${call} shows a part of an append, and not ${event?.id ?? ''} at position ${event?.position ?? ''}`,
        calls: [call],
      };
    }
  const byEnd = sights.toSorted((a, b) => a.ended - b.ended);
  let answered = 0;
  let best: Sight | null = null;
  for (const after of sights.toSorted((a, b) => a.invoked - b.invoked)) {
    for (let next = byEnd[answered]; next !== undefined && next.ended < after.invoked; next = byEnd[(answered += 1)])
      if (best === null || next.lowest > best.lowest) best = next;
    if (best !== null && best.lowest > after.highest) yield explain(log, best, after);
  }
}
