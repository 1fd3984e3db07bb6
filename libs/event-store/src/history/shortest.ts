import type { Call, History } from './call';
import { violationsOf } from './check';
import type { Violation } from './violation';

/** Calls that only make sense together: appends that ask for the same event. Any other call stands alone. */
const unitsOf = (history: History): ReadonlyArray<ReadonlyArray<Call>> => {
  const unitOfId = new Map<string, Set<Call>>();
  const units = new Set<Set<Call>>();
  for (const call of history) {
    let unit = new Set([call]);
    if (call.kind === 'append')
      for (const { id } of call.events) {
        const other = unitOfId.get(id);
        if (other === undefined || other === unit) continue;
        units.delete(other);
        unit = new Set([...other, ...unit]);
      }
    for (const member of unit) if (member.kind === 'append') for (const { id } of member.events) unitOfId.set(id, unit);
    units.add(unit);
  }
  return [...units].map((unit) => [...unit]);
};

const joined = (units: ReadonlyArray<ReadonlyArray<Call>>): History =>
  units.flat().sort((a, b) => a.invoked - b.invoked);

/**
 * Delta debugging (Zeller & Hildebrandt, "Simplifying and isolating failure-inducing input", IEEE TSE 28(2)
 * 2002): leaves out parts of ever smaller size as long as `stillFails`. The result is 1-minimal: without any
 * one of its parts it fails no more.
 */
const minimal = <A>(parts: ReadonlyArray<A>, stillFails: (parts: ReadonlyArray<A>) => boolean): ReadonlyArray<A> => {
  let left = parts;
  for (let size = Math.ceil(parts.length / 2); size >= 1;) {
    let removed = false;
    for (let start = 0; start < left.length;) {
      const without = left.toSpliced(start, size);
      if (without.length < left.length && stillFails(without)) {
        left = without;
        removed = true;
      } else start += size;
    }
    if (size === 1 && !removed) return left;
    if (!removed || size > left.length) size = Math.max(1, Math.floor(size / 2));
  }
  return left;
};

/** The shorter forms of a long call, the shortest first: what came later in it left out. */
const beginnings = (call: Call): ReadonlyArray<Call> => {
  if (call.kind === 'subscription')
    return call.messages.map((_, count) => ({ ...call, messages: call.messages.slice(0, count), awaited: null }));
  if (call.kind === 'projection')
    return call.states.map((_, count) => ({ ...call, states: call.states.slice(0, count), awaited: null }));
  return [];
};

/** The same with what came first left out: a subscription that had begun where this one stood then. */
const endings = (call: Call): ReadonlyArray<Call> => {
  if (call.kind === 'projection')
    return call.states.map((_, from) => ({ ...call, states: call.states.slice(from) })).reverse();
  if (call.kind !== 'subscription') return [];
  return call.messages
    .map(({ at, shown, caughtUp }, from) => {
      const after = Math.max(call.after, shown.at(-1)?.position ?? caughtUp ?? 0);
      return { ...call, invoked: at, after, messages: call.messages.slice(from + 1) };
    })
    .reverse();
};

/**
 * The shortest part of the history that still shows this violation, of the same kind and about the same
 * event: no call of it can be left out. A subscription is kept whole up to some message, because a message
 * left out in its middle would look like a skipped event.
 */
export const shortestHistory = (history: History, { kind, subject, calls }: Violation): History => {
  const stillShows = (candidate: History): boolean => {
    for (const found of violationsOf(candidate)) if (found.kind === kind && found.subject === subject) return true;
    return false;
  };
  const shows = (units: ReadonlyArray<ReadonlyArray<Call>>): boolean => stillShows(joined(units));
  const units = unitsOf(history);
  const named = units.filter((unit) => unit.some(({ call }) => calls.includes(call)));
  let left = joined(minimal(shows(named) ? named : units, shows));
  for (const shorten of [beginnings, endings])
    for (const call of left) {
      const withShorter = (shorter: Call): History => left.map((each) => (each === call ? shorter : each));
      const shorter = shorten(call).find((each) => stillShows(withShorter(each)));
      if (shorter !== undefined) left = withShorter(shorter);
    }
  return left;
};
