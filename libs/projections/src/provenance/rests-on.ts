import type { CustomerState } from '@afecto/domain';
import type { PlacedFact } from '../engine/ledger-entry';
import { type PartyHistory, stateOf } from './party-history';

/** A history of more events than this is not told without each of them: the work grows with their square. */
export const MOST_EVENTS_DOUBTED = 300;

/** An event without which a value would be another one now. */
export interface Pillar {
  readonly placed: PlacedFact;
  /** What the value would be; '' when there would be none. */
  readonly without: string;
}

const lessOne = (events: ReadonlyArray<PlacedFact>, left: PlacedFact): ReadonlyArray<PlacedFact> =>
  events.filter(({ position }) => position !== left.position);

/** The same history as if one event had never been recorded. */
export const without = (history: PartyHistory, left: PlacedFact): PartyHistory => ({
  ...history,
  facts: lessOne(history.facts, left),
  orders: lessOne(history.orders, left),
  policies: lessOne(history.policies, left),
  links: lessOne(history.links, left),
});

/** Every event that may count in a history, each once, in the order of the log. */
export const eventsIn = ({ facts, orders, policies, links }: PartyHistory): ReadonlyArray<PlacedFact> => {
  const byPosition = new Map([...facts, ...orders, ...policies, ...links].map((placed) => [placed.position, placed]));
  return [...byPosition.values()].sort((a, b) => (a.position < b.position ? -1 : 1));
};

/**
 * The events without which a value would have another value at the end of the history: it is folded once
 * more without each, so that the answer is exact. Of two events that say the same neither is one. Null,
 * without any work, for more than `MOST_EVENTS_DOUBTED` events. Yields after each fold.
 */
export function* restsOn(
  history: PartyHistory,
  textOf: (customer: CustomerState | null) => string,
): Generator<void, ReadonlyArray<Pillar> | null> {
  const events = eventsIn(history);
  if (events.length > MOST_EVENTS_DOUBTED) return null;
  const present = textOf(stateOf(history));
  const pillars: Pillar[] = [];
  for (const placed of events) {
    const text = textOf(stateOf(without(history, placed)));
    if (text !== present) pillars.push({ placed, without: text });
    yield;
  }
  return pillars;
}
