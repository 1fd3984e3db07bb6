import * as E from 'fp-ts/Either';
import type * as fc from 'fast-check';
import type { Fact } from '../facts/envelope';
import { MINUTE_MS } from '../time/calendar';
import type { DomainErrorCode } from './errors';
import { type Circumstances, happened, NOW, type run } from './given-when-then';

/** Commands for model-based properties: each is asked of the real decision and of a model of the state machine. */

/** fast-check keeps one object for the model of a run; what stands in it is replaced. */
export interface Modelled<Model extends object> {
  current: Model;
}

/** The facts decided so far, and the minute of the last command. */
export interface Played {
  readonly facts: Fact[];
  minute: number;
}

export interface Step<Model extends object> {
  /** What a counterexample shows. */
  readonly name: string;
  /** Asks the command of the facts so far, at that instant. */
  readonly ask: (facts: ReadonlyArray<Fact>, at: Pick<Circumstances, 'now' | 'occurredAt'>) => ReturnType<typeof run>;
  /** Minutes since the last command, 1 or more. */
  readonly after: number;
  /** What the model says at that minute: the state after, or the error that refuses the command. */
  readonly expected: (model: Model, minute: number) => Model | DomainErrorCode;
  /** What must hold of the facts whatever was decided. */
  readonly always?: (facts: ReadonlyArray<Fact>, model: Model) => void;
}

/** The step as a command of `fc.commands`; every step may be asked at any time. */
export const asked = <Model extends object>({
  name,
  ask,
  after,
  expected,
  always,
}: Step<Model>): fc.Command<Modelled<Model>, Played> => ({
  check: () => true,
  run: (modelled, played) => {
    played.minute += after;
    const at = NOW + played.minute * MINUTE_MS;
    const { decision } = ask(played.facts, { now: at, occurredAt: at });
    const next = expected(modelled.current, played.minute);
    if (typeof next === 'string') expect(decision).toEqual(E.left(expect.objectContaining({ code: next })));
    else {
      expect(decision).toEqual(E.right(expect.anything()));
      modelled.current = next;
    }
    played.facts.push(...happened(decision, played.minute * MINUTE_MS));
    always?.(played.facts, modelled.current);
  },
  toString: () => `${name}, ${after} min later`,
});
