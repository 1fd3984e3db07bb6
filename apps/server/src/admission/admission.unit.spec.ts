import fc from 'fast-check';
import { Admission, type Ticket } from './admission';
import { fits, type Load, NOTHING, plus } from './load';

const bounds: Load = { requests: 5, facts: 40, bytes: 1_000 };

type Step =
  | { readonly kind: 'enter'; readonly load: Load }
  | { readonly kind: 'grow' | 'isOf' | 'answered'; readonly of: number; readonly amount: number }
  | { readonly kind: 'leave'; readonly of: number };

const ofAny = fc.nat(30);
const arbitrarySteps = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant('enter' as const),
      load: fc.record({ requests: fc.constant(1), facts: fc.nat(25), bytes: fc.nat(600) }),
    }),
    fc.record({ kind: fc.constantFrom('grow' as const, 'isOf' as const), of: ofAny, amount: fc.nat(300) }),
    fc.record({ kind: fc.constant('answered' as const), of: ofAny, amount: fc.nat(2_000) }),
    fc.record({ kind: fc.constant('leave' as const), of: ofAny }),
  ) satisfies fc.Arbitrary<Step>,
  { maxLength: 80 },
);

/** What the model knows of one admitted request. */
interface Known {
  readonly ticket: Ticket;
  held: Load;
  isAnswered: boolean;
  hasLeft: boolean;
}

const sumOf = (all: ReadonlyArray<Known>): Load => all.reduce((sum, { held }) => plus(sum, held), NOTHING);

const stepped = (admission: Admission, all: Known[], step: Step): void => {
  if (step.kind === 'enter') {
    const before = admission.underWay;
    const ticket = admission.enter(step.load);
    expect(ticket !== null).toBe(fits(plus(before, step.load), bounds));
    if (ticket !== null) all.push({ ticket, held: step.load, isAnswered: false, hasLeft: false });
    return;
  }
  const known = all[step.of % Math.max(1, all.length)];
  if (known === undefined) return;
  const { ticket, held, hasLeft, isAnswered } = known;
  const works = !hasLeft && !isAnswered;
  if (step.kind === 'leave') {
    ticket.leave();
    known.hasLeft = true;
    known.held = NOTHING;
  } else if (step.kind === 'answered') {
    ticket.answered(step.amount);
    if (!hasLeft) known.held = { requests: 1, facts: 0, bytes: step.amount };
    known.isAnswered = true;
  } else if (step.kind === 'isOf') {
    ticket.isOf(step.amount);
    if (works) known.held = { ...held, facts: Math.min(held.facts, step.amount) };
  } else {
    const more = { requests: 0, facts: step.amount % 9, bytes: step.amount };
    const isRoom = fits(plus(admission.underWay, more), bounds);
    expect(ticket.grow(more)).toBe(works && isRoom);
    if (works && isRoom) known.held = plus(held, more);
  }
};

describe('an admission', () => {
  it('holds exactly what those who are in hold, never lets anybody in beyond its bounds, and is empty when all have left', () => {
    fc.assert(
      fc.property(arbitrarySteps, (steps) => {
        let clock = 0;
        const admission = new Admission(bounds, () => (clock += 7));
        const all: Known[] = [];
        for (const step of steps) {
          stepped(admission, all, step);
          expect(admission.underWay).toEqual(sumOf(all));
          const working = sumOf(all.filter(({ isAnswered }) => !isAnswered));
          expect(fits(working, bounds)).toBe(true);
          expect(admission.underWay.requests).toBeLessThanOrEqual(bounds.requests);
          expect(admission.retryAfter).toBeGreaterThanOrEqual(1);
          expect(admission.retryAfter).toBeLessThanOrEqual(60);
        }
        for (const { ticket } of all) {
          ticket.leave();
          ticket.leave();
        }
        expect(admission.underWay).toEqual(NOTHING);
      }),
    );
  });

  it('counts those whom it refused', () => {
    const admission = new Admission({ requests: 1, facts: 0, bytes: 10 });
    const first = admission.enter({ requests: 1, facts: 0, bytes: 10 });
    expect(admission.enter({ requests: 1, facts: 0, bytes: 0 })).toBeNull();
    expect(first?.grow({ requests: 0, facts: 0, bytes: 1 })).toBe(false);
    expect(admission.refused).toBe(2);
    first?.leave();
    expect(admission.enter({ requests: 1, facts: 0, bytes: 0 })).not.toBeNull();
    expect(admission.refused).toBe(2);
  });

  it('answers larger than expected keep others out until they have left', () => {
    const admission = new Admission(bounds);
    const ticket = admission.enter({ requests: 1, facts: 0, bytes: 0 });
    ticket?.answered(5_000);
    expect(admission.enter({ requests: 1, facts: 0, bytes: 0 })).toBeNull();
    ticket?.leave();
    expect(admission.enter({ requests: 1, facts: 0, bytes: 0 })).not.toBeNull();
  });
});

describe('Retry-After', () => {
  const load = { requests: 1, facts: 10, bytes: 100 };
  let clock = 0;
  const given = (): Admission => {
    clock = 0;
    return new Admission({ requests: 100, facts: 100, bytes: 10_000 }, () => clock);
  };
  /** Lets `count` calls through, each taking so long. */
  const serve = (admission: Admission, count: number, milliseconds: number): void => {
    for (let index = 0; index < count; index += 1) {
      const ticket = admission.enter(load);
      clock += milliseconds;
      ticket?.leave();
    }
  };
  const fill = (admission: Admission): void => {
    while (admission.enter(load) !== null);
  };

  it('is a second while nothing is known', () => {
    const admission = given();
    fill(admission);
    expect(admission.retryAfter).toBe(1);
  });

  it('is the time in which what waits will be done at the rate at which it has been', () => {
    const admission = given();
    // 10 facts in 400 ms are 25 a second: 100 that wait take 4 s.
    serve(admission, 200, 400);
    fill(admission);
    expect(admission.retryAfter).toBeGreaterThanOrEqual(4);
    expect(admission.retryAfter).toBeLessThanOrEqual(5);
  });

  it('an hour without work does not make it longer', () => {
    const admission = given();
    serve(admission, 200, 10);
    clock += 3_600_000;
    fill(admission);
    expect(admission.retryAfter).toBe(1);
  });

  it('grows to a minute, and no further, while nothing gets done', () => {
    const admission = given();
    fill(admission);
    clock += 10_000;
    const later = admission.retryAfter;
    expect(later).toBeGreaterThan(1);
    clock += 600_000;
    expect(admission.retryAfter).toBe(60);
    expect(later).toBeLessThan(60);
  });
});
