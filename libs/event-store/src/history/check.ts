import * as E from 'fp-ts/Either';
import type { History } from './call';
import { checkAppends, type Promises } from './check-appends';
import { checkOrder } from './check-order';
import { checkProjections } from './check-projections';
import { checkOrderOfLog, checkViews } from './check-views';
import { KnownLog, showings } from './known-log';
import type { Verdict, Violation } from './violation';

export const EVERY_PROMISE: Promises = { tellsRepeats: true };

/** Every violation that a history shows, the plainest first. When calls contradict each other about a place, only that. */
export function* violationsOf(history: History, promises: Promises = EVERY_PROMISE): Generator<Violation> {
  const log = KnownLog.of(history);
  if (E.isLeft(log)) {
    yield log.left;
    return;
  }
  yield* checkViews(history, log.right);
  yield* checkAppends(history, log.right, promises);
  yield* checkOrder(history, log.right);
  yield* checkOrderOfLog(log.right);
  yield* checkProjections(history, log.right);
}

const verdictOn = (history: History): Verdict => {
  const shownIds = new Set<string>();
  const acknowledgedIds = new Set<string>();
  let shown = 0;
  for (const call of history) {
    for (const { event } of showings(call)) {
      shownIds.add(event.id);
      shown += 1;
    }
    if (call.kind === 'append' && call.answer.kind === 'ok')
      for (const { id } of call.answer.places) acknowledgedIds.add(id);
  }
  const appends = history.filter((call) => call.kind === 'append');
  const unknown = appends.filter(({ answer }) => answer.kind === 'unknown');
  const there = unknown.filter(({ events }) => events.some(({ id }) => shownIds.has(id) || acknowledgedIds.has(id)));
  const count = (is: (call: (typeof appends)[number]) => boolean): number => appends.filter(is).length;
  return {
    calls: history.length,
    acknowledged: count(({ answer }) => answer.kind === 'ok' && !answer.duplicate),
    duplicates: count(({ answer }) => answer.kind === 'ok' && answer.duplicate),
    refused: count(({ answer }) => answer.kind !== 'ok' && answer.kind !== 'unknown'),
    unknown: { there: there.length, absent: unknown.length - there.length },
    events: new Set([...shownIds, ...acknowledgedIds]).size,
    shown,
    subscriptions: history.filter(({ kind }) => kind === 'subscription').length,
    projectionStates: history.reduce((sum, call) => sum + (call.kind === 'projection' ? call.states.length : 0), 0),
  };
};

/**
 * Decides whether a history could come from a store that keeps the port's promises: the log is
 * linearizable; every acknowledged event is there once, in one order that all share; no reader or
 * subscriber was shown a gap, a double or another order; calls without an answer have happened or not,
 * and not both; refused appends left nothing; projections hold what the log has.
 *
 * Pure. The first violation found, of all (`violationsOf`), is the answer.
 */
export const check = (history: History, promises: Promises = EVERY_PROMISE): E.Either<Violation, Verdict> => {
  for (const violation of violationsOf(history, promises)) return E.left(violation);
  return E.right(verdictOn(history));
};
