import type { AppendCall, History, ReadCall } from './call';
import type { KnownEvent, KnownLog } from './known-log';
import type { Violation, ViolationKind } from './violation';

/** Where stores differ by nature. */
export interface Promises {
  /**
   * Of several calls with the same events at most one is answered as the one that wrote them. A server of the
   * EventStoreDB protocol answers a repeat as it answers the original, so that two connections which ask
   * for the same at once are both told that they have written it. The events are there once all the same.
   */
  readonly tellsRepeats: boolean;
}

const violation = (
  kind: ViolationKind,
  subject: string,
  explanation: string,
  calls: ReadonlyArray<{ readonly call: string }>,
): Violation => ({ kind, subject, explanation, calls: calls.map(({ call }) => call) });

const mayHaveWritten = ({ answer }: AppendCall): boolean => answer.kind === 'ok' || answer.kind === 'unknown';

const asksFor = (call: AppendCall, event: KnownEvent): boolean =>
  call.streamId === event.streamId &&
  call.events.some(
    ({ id, type, content }) =>
      id === event.id && (event.shown === null || (type === event.shown.type && content === event.shown.content)),
  );

/** Whether an append that goes in with its first event at `revision` was right to. */
const holds = ({ expected }: AppendCall, revision: number): boolean =>
  expected === 'any' ||
  (expected === 'noStream' ? revision === 0 : expected === 'streamExists' ? revision > 0 : expected === revision - 1);

const holdsFor = (call: AppendCall, log: KnownLog): boolean => {
  const index = log.indexOfId.get(call.events[0]?.id ?? '');
  const first = index === undefined ? undefined : log.events[index];
  return first === undefined || holds(call, first.revision);
};

/** Every event of the log was asked for, by a call that was not refused, as it lies there, and by right. */
function* originsOf(log: KnownLog): Generator<Violation> {
  for (const event of log.events) {
    const asked = log.appends.get(event.id) ?? [];
    const { id } = event;
    if (asked.length === 0) {
      yield violation('invented', id, `nobody has asked for ${id}, which lies at position ${event.position}`, []);
      continue;
    }
    const fitting = asked.filter((call) => asksFor(call, event));
    const writers = fitting.filter(mayHaveWritten);
    if (fitting.length === 0) {
      const content = event.shown?.content ?? '';
      yield violation(
        'altered',
        id,
        `${id} lies in ${event.streamId} as ${content}, as nobody has asked for it`,
        asked,
      );
    } else if (writers.length === 0)
      yield violation(
        'refusedButThere',
        id,
        `every append of ${id} was refused, and it is at ${event.position}`,
        asked,
      );
    else if (!writers.some((call) => holdsFor(call, log)))
      yield violation('wrongAnswer', id, `${id} is at revision ${event.revision}, against what was expected`, writers);
  }
}

/** A read that shows a part of an append and goes on behind it to the end of the log or of its stream. */
const showsOnlyPart = (read: ReadCall, part: ReadonlySet<string>, missing: string): boolean =>
  read.complete &&
  read.limit === null &&
  read.from === null &&
  ('streamId' in read.of || (read.of.filter.types === undefined && read.of.filter.streamPrefixes === undefined)) &&
  read.shown.some(({ id }) => part.has(id)) &&
  !read.shown.some(({ id }) => id === missing);

/** The events of one append lie one behind the other, all or none. */
function* wholeness(history: History, log: KnownLog): Generator<Violation> {
  const reads = history.filter((call) => call.kind === 'read');
  for (const call of history) {
    if (call.kind !== 'append' || !mayHaveWritten(call) || call.events.length < 2) continue;
    const indexes = call.events.map(({ id }) => log.indexOfId.get(id));
    const there = call.events.flatMap(({ id }) => log.events[log.indexOfId.get(id) ?? -1] ?? []);
    const positions = there.map(({ position }) => position).join(', ');
    const subject = call.events[0]?.id ?? '';
    const missing = call.events.find((_, n) => indexes[n] === undefined);
    if (missing === undefined) {
      if (indexes.some((index, n) => index !== (indexes[0] ?? 0) + n))
        yield violation('torn', subject, `the events of ${call.call} lie apart: ${positions}`, [call]);
    } else if (there.length > 0) {
      const part = new Set(there.map(({ id }) => id));
      const read = reads.find((each) => showsOnlyPart(each, part, missing.id));
      const explanation = `of ${call.call} some events are there (positions ${positions}), and not ${missing.id}`;
      if (read !== undefined) yield violation('torn', subject, explanation, [call, read]);
    }
  }
}

function* okAnswer(call: AppendCall, log: KnownLog): Generator<Violation> {
  if (call.answer.kind !== 'ok') return;
  const { places, duplicate } = call.answer;
  const subject = call.events[0]?.id ?? call.call;
  const wrong = (explanation: string): Violation => violation('wrongAnswer', subject, explanation, [call]);
  if (places.map(({ id }) => id).join() !== call.events.map(({ id }) => id).join())
    yield wrong(`${call.call} is answered with other events than it has asked for`);
  for (const [n, { revision, position }] of places.entries()) {
    const before = places[n - 1];
    if (before !== undefined && (revision !== before.revision + 1 || position <= before.position))
      yield wrong(`the places in the answer to ${call.call} do not follow each other`);
  }
  if (!duplicate && !holds(call, places[0]?.revision ?? 0))
    yield wrong(
      `${call.call} expected ${String(call.expected)} and was accepted at revision ${places[0]?.revision ?? ''}`,
    );
  const others = (log.appends.get(subject) ?? []).filter((other) => other !== call);
  if (duplicate && !others.some((other) => mayHaveWritten(other) && other.invoked < (call.ended ?? Infinity)))
    yield wrong(`${call.call} is called a repeat, and nobody had asked for it before`);
}

function* refusal(call: AppendCall, log: KnownLog): Generator<Violation> {
  const { answer, expected, streamId } = call;
  if (answer.kind === 'wrongRevision') {
    const { actual } = answer;
    const fits =
      expected === 'any' ||
      (expected === 'noStream' ? actual === null : expected === 'streamExists' ? actual !== null : expected === actual);
    if (fits)
      yield violation(
        'wrongAnswer',
        call.events[0]?.id ?? call.call,
        `${call.call} on ${streamId} expected ${String(expected)} and was refused because of ${String(actual)}`,
        [call],
      );
  }
  if (answer.kind !== 'conflict') return;
  const event = log.events[log.indexOfId.get(answer.eventId) ?? -1];
  if (event === undefined) return;
  const same = call.events.every(({ id }) => {
    const there = log.events[log.indexOfId.get(id) ?? -1];
    return there?.shown != null && asksFor(call, there);
  });
  if (same || event.position !== answer.position)
    yield violation(
      'wrongAnswer',
      event.id,
      same
        ? `${call.call} is refused as a conflict, and what it asks for is in the log as it asks for it`
        : `${call.call} conflicts with position ${answer.position}, and ${event.id} lies at ${event.position}`,
      [call],
    );
}

/** One acceptance: of the calls with the same events at most one is told that it has written them. */
function* acceptances(log: KnownLog): Generator<Violation> {
  for (const [id, asked] of log.appends) {
    const accepted = asked.filter(({ answer }) => answer.kind === 'ok' && !answer.duplicate);
    if (accepted.length > 1)
      yield violation('wrongAnswer', id, `${accepted.length} calls are told that they have written ${id}`, accepted);
  }
}

/** What the answers to appends say about themselves and about the log. */
export function* checkAppends(history: History, log: KnownLog, { tellsRepeats }: Promises): Generator<Violation> {
  yield* originsOf(log);
  yield* wholeness(history, log);
  if (tellsRepeats) yield* acceptances(log);
  for (const call of history)
    if (call.kind === 'append') {
      yield* okAnswer(call, log);
      yield* refusal(call, log);
    }
}
