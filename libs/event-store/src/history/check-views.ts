import { type History, matchesFilter, type ReadCall, type ShownEvent, type SubscriptionCall } from './call';
import type { KnownLog } from './known-log';
import type { Violation } from './violation';

/** An event that had to be shown and was not. Nobody shows it later: it is lost; others do: it was skipped. */
const absent = (
  log: KnownLog,
  index: number,
  call: ReadCall | SubscriptionCall,
  since: number,
  why: string,
): Violation => {
  const event = log.events[index];
  const id = event?.id ?? '';
  const where = `${id} at position ${event?.position ?? ''} (${event?.streamId ?? ''}@${event?.revision ?? ''})`;
  const told = (log.appends.get(id) ?? []).filter(({ answer }) => answer.kind === 'ok');
  const isLost = !log.isShownFrom(id, since);
  return {
    kind: isLost ? 'lost' : 'skipped',
    subject: id,
    explanation: `${call.call} does not show ${where}, ${why}${isLost ? '; nobody sees it any more' : ''}`,
    calls: [...told.map(({ call: name }) => name), call.call],
  };
};

const wrong = (kind: Violation['kind'], subject: string, explanation: string, call: { call: string }): Violation => ({
  kind,
  subject,
  explanation: `${call.call} ${explanation}`,
  calls: [call.call],
});

/** Each event once, and each behind the one before. */
function* inOrder(
  call: ReadCall | SubscriptionCall,
  shown: ReadonlyArray<ShownEvent>,
  forwards: boolean,
): Generator<Violation> {
  const seen = new Set<string>();
  let before: ShownEvent | undefined;
  for (const event of shown) {
    if (seen.has(event.id)) yield wrong('doubled', event.id, `shows ${event.id} twice`, call);
    seen.add(event.id);
    const rises = before === undefined || event.position > before.position;
    if (before !== undefined && rises !== forwards)
      yield wrong('reordered', event.id, `shows position ${event.position} behind ${before.position}`, call);
    before = event;
  }
}

function* streamRead(call: ReadCall, streamId: string, log: KnownLog): Generator<Violation> {
  const { shown, direction, from, limit, complete, invoked } = call;
  const step = direction === 'forwards' ? 1 : -1;
  const first = shown[0];
  let next = direction === 'forwards' ? (from ?? 0) : first?.revision;
  for (const event of shown) {
    if (event.streamId !== streamId)
      yield wrong('wrongAnswer', event.id, `shows an event of ${event.streamId} as one of ${streamId}`, call);
    if (next !== undefined && event.revision !== next) {
      const index = log.indexOfRevision(streamId, next);
      const why = `but revision ${event.revision} in its place`;
      if (index === undefined) yield wrong('skipped', event.id, `does not show ${streamId}@${next}, ${why}`, call);
      else yield absent(log, index, call, invoked, why);
    }
    next = event.revision + step;
  }
  if (direction === 'forwards' || !complete || shown.length >= (limit ?? Infinity)) return;
  const last = shown.at(-1);
  if (last === undefined || last.revision === 0) return;
  const index = log.indexOfRevision(streamId, last.revision - 1);
  const why = `ends at ${streamId}@${last.revision} on its way to 0`;
  if (index === undefined) yield wrong('skipped', last.id, why, call);
  else yield absent(log, index, call, invoked, `and ${why}`);
}

function* logRead(call: ReadCall, log: KnownLog): Generator<Violation> {
  if (!('filter' in call.of)) return;
  const { filter } = call.of;
  const { shown, direction, from, limit, complete, invoked } = call;
  const [first, last] = [shown[0], shown.at(-1)];
  if (first === undefined || last === undefined) return;
  const forwards = direction === 'forwards';
  for (const event of shown) {
    if (!matchesFilter(filter, event))
      yield wrong('wrongAnswer', event.id, `shows ${event.id}, which its filter keeps out`, call);
    if (from !== null && (forwards ? event.position <= from : event.position >= from))
      yield wrong('wrongAnswer', event.id, `shows position ${event.position} and was asked from ${from}`, call);
  }
  const ids = new Set(shown.map(({ id }) => id));
  const toEnd = !forwards && complete && shown.length < (limit ?? Infinity);
  const lowest = forwards ? log.indexAt(from ?? 0) + 1 : toEnd ? 0 : log.indexAt(last.position);
  const highest = log.indexAt(forwards ? last.position : first.position);
  for (let index = lowest; index <= highest; index++) {
    const event = log.events[index];
    if (event !== undefined && !ids.has(event.id) && matchesFilter(filter, event))
      yield absent(log, index, call, invoked, 'and shows what lies around it');
  }
}

function* subscribed(call: SubscriptionCall, log: KnownLog): Generator<Violation> {
  const { filter, after, messages, awaited, invoked } = call;
  yield* inOrder(
    call,
    messages.flatMap(({ shown }) => shown),
    true,
  );
  /** Everything up to this index has been looked at. */
  let looked = log.indexAt(after);
  const passed = function* (upTo: number, why: string): Generator<Violation> {
    for (let index = looked + 1; index <= upTo; index++) {
      const event = log.events[index];
      if (event !== undefined && matchesFilter(filter, event)) yield absent(log, index, call, invoked, why);
    }
    looked = Math.max(looked, upTo);
  };
  for (const { shown, caughtUp } of messages) {
    for (const event of shown) {
      if (!matchesFilter(filter, event))
        yield wrong('wrongAnswer', event.id, `delivers ${event.id}, which its filter keeps out`, call);
      const index = log.indexAt(event.position);
      if (index <= looked)
        yield wrong('doubled', event.id, `delivers position ${event.position}, which it had passed`, call);
      yield* passed(index - 1, `but position ${event.position} behind it`);
      looked = Math.max(looked, index);
    }
    if (caughtUp !== null) yield* passed(log.indexAt(caughtUp), `and says it has looked at all up to ${caughtUp}`);
  }
  if (awaited !== null) yield* passed(log.indexAt(awaited), `and was waited for up to position ${awaited}`);
}

/** What each reader and each subscriber was shown is a part of the one log without gap, double or change of order. */
export function* checkViews(history: History, log: KnownLog): Generator<Violation> {
  for (const call of history) {
    if (call.kind === 'read') {
      yield* inOrder(call, call.shown, call.direction === 'forwards');
      if ('streamId' in call.of) yield* streamRead(call, call.of.streamId, log);
      else yield* logRead(call, log);
    } else if (call.kind === 'subscription') yield* subscribed(call, log);
    else if (call.kind === 'lookup' && call.found && call.found.id !== call.eventId)
      yield wrong('wrongAnswer', call.eventId, `asks for ${call.eventId} and is given ${call.found.id}`, call);
  }
}

/** Revisions and recorded instants do not fall along the log. */
export function* checkOrderOfLog(log: KnownLog): Generator<Violation> {
  for (const [streamId, stream] of log.streams)
    for (const [n, index] of stream.entries()) {
      const [before, event] = [log.events[stream[n - 1] ?? -1], log.events[index]];
      if (before !== undefined && event !== undefined && event.revision <= before.revision)
        yield {
          kind: 'reordered',
          subject: event.id,
          explanation: `${streamId}@${event.revision} lies at position ${event.position}, behind ${streamId}@${before.revision}`,
          calls: [],
        };
    }
  let latest: ShownEvent | null = null;
  for (const { shown } of log.events) {
    if (shown === null) continue;
    if (latest !== null && shown.recordedAt < latest.recordedAt)
      yield {
        kind: 'clockWentBack',
        subject: shown.id,
        explanation: `position ${shown.position} was recorded at ${shown.recordedAt}, and ${latest.position} before it at ${latest.recordedAt}`,
        calls: [],
      };
    latest = shown;
  }
}
