import * as E from 'fp-ts/Either';
import * as fc from 'fast-check';
import type { Fact } from '../facts/envelope';
import { type Instant, MINUTE_MS } from '../time/calendar';
import type { Decision } from './definition';
import type { DomainErrorCode } from './errors';
import { happened, NOW } from './given-when-then';

/** One thing that can be asked of a state machine, and what its model says of it. */
export interface Step<Model> {
  readonly name: string;
  /** Minutes since the step before: 1 when absent. */
  readonly waitMinutes?: number;
  /** So much earlier than it is asked it is said to have happened. */
  readonly backMinutes?: number;
  readonly ask: (facts: ReadonlyArray<Fact>, occurredAt: Instant, now: Instant) => Decision;
  /** The model afterwards, or the code of the refusal. */
  readonly expected: (model: Model, occurredAt: Instant) => Model | DomainErrorCode;
}

interface Walked {
  readonly facts: Fact[];
  /** Milliseconds since `NOW`. */
  offset: number;
}

/** A step as fast-check walks it: refusals are part of the model, so every step is possible everywhere. */
class Asked<Model> implements fc.Command<{ model: Model }, Walked> {
  constructor(
    private readonly step: Step<Model>,
    private readonly agrees: (model: Model, facts: ReadonlyArray<Fact>) => void,
  ) {}

  check = (): boolean => true;
  toString = (): string => this.step.name;

  run(expectation: { model: Model }, walked: Walked): void {
    const { name, waitMinutes = 1, backMinutes = 0, ask, expected } = this.step;
    // One millisecond more a step, so that no two facts share an instant, backdated or not.
    walked.offset += waitMinutes * MINUTE_MS + 1;
    const occurred = walked.offset - backMinutes * MINUTE_MS;
    const decision = ask(walked.facts, NOW + occurred, NOW + walked.offset);
    const next = expected(expectation.model, NOW + occurred);
    expect([name, E.isLeft(decision) ? decision.left.code : 'accepted']).toEqual([
      name,
      typeof next === 'string' ? next : 'accepted',
    ]);
    if (typeof next !== 'string') expectation.model = next;
    walked.facts.push(...happened(decision, occurred));
    this.agrees(expectation.model, walked.facts);
  }
}

export interface Machine<Model extends object> {
  readonly start: Model;
  readonly steps: ReadonlyArray<fc.Arbitrary<Step<Model>>>;
  /** Expects of the facts so far what the model says. */
  readonly agrees: (model: Model, facts: ReadonlyArray<Fact>) => void;
}

/** Asks anything in any order: what is decided, and with which code it is refused, is what the model says. */
export const walk = <Model extends object>({ start, steps, agrees }: Machine<Model>, numRuns = 100): void =>
  fc.assert(
    fc.property(
      fc.commands(
        steps.map((step) => step.map((one) => new Asked(one, agrees))),
        { maxCommands: 20 },
      ),
      (asked) => fc.modelRun(() => ({ model: { model: start }, real: { facts: [], offset: 0 } }), asked),
    ),
    { numRuns },
  );
