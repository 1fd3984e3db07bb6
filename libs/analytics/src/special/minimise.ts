export interface Minimum {
  readonly at: ReadonlyArray<number>;
  readonly value: number;
  readonly evaluations: number;
  /** False: the bound on evaluations came first. */
  readonly converged: boolean;
}

interface Vertex {
  readonly at: ReadonlyArray<number>;
  readonly value: number;
}

/** Nelder & Mead's own coefficients (1965). */
const EXPANSION = 2;
const CONTRACTION = 0.5;
const SHRINKAGE = 0.5;
const FIRST_STEP = 0.3;
/** Fresh simplices at the minimum found: a collapsed simplex stops early, a second start shows it. */
const MAX_STARTS = 8;
const MAX_EVALUATIONS_A_START = 1_500;

export interface Tolerance {
  /** Spread of values over the simplex, in the unit of the function, at which it has arrived. */
  readonly value: number;
  /** Spread of every coordinate. */
  readonly coordinate: number;
}

const DEFAULT: Tolerance = { value: 1e-10, coordinate: 1e-6 };

const along = (from: ReadonlyArray<number>, to: ReadonlyArray<number>, factor: number): number[] =>
  from.map((x, index) => x + factor * ((to[index] ?? 0) - x));

const spreadOf = (simplex: ReadonlyArray<Vertex>): number => {
  const [best, ...others] = simplex;
  return Math.max(
    ...others.flatMap(({ at }) => at.map((coordinate, index) => Math.abs(coordinate - (best?.at[index] ?? 0)))),
  );
};

/** One simplex from its start to where it stands still. Yields after every evaluation, so that others may have a turn. */
function* descend(
  f: (at: ReadonlyArray<number>) => number,
  start: ReadonlyArray<number>,
  tolerance: Tolerance,
): Generator<void, Minimum> {
  let evaluations = 0;
  function* vertex(at: ReadonlyArray<number>): Generator<void, Vertex> {
    const value = f(at);
    evaluations += 1;
    yield;
    // Where the function says nothing there is no minimum.
    return { at, value: Number.isNaN(value) ? Infinity : value };
  }
  let simplex: Vertex[] = [yield* vertex(start)];
  for (const index of start.keys())
    simplex.push(yield* vertex(start.map((x, other) => (other === index ? x + FIRST_STEP : x))));
  for (;;) {
    simplex.sort((one, other) => one.value - other.value);
    const [best, worst, nextWorst] = [simplex[0], simplex.at(-1), simplex.at(-2)];
    if (best === undefined || worst === undefined || nextWorst === undefined) throw new Error('a simplex has vertices');
    const converged = worst.value - best.value <= tolerance.value && spreadOf(simplex) <= tolerance.coordinate;
    if (converged || evaluations >= MAX_EVALUATIONS_A_START)
      return { at: best.at, value: best.value, evaluations, converged };
    const others = simplex.slice(0, -1);
    const centre = start.map((_, index) => others.reduce((sum, { at }) => sum + (at[index] ?? 0), 0) / others.length);
    const replaced = (by: Vertex): Vertex[] => [...others, by];
    const reflected = yield* vertex(along(centre, worst.at, -1));
    if (reflected.value < best.value) {
      const expanded = yield* vertex(along(centre, worst.at, -EXPANSION));
      simplex = replaced(expanded.value < reflected.value ? expanded : reflected);
      continue;
    }
    if (reflected.value < nextWorst.value) {
      simplex = replaced(reflected);
      continue;
    }
    const towards = reflected.value < worst.value ? reflected : worst;
    const contracted = yield* vertex(along(centre, towards.at, CONTRACTION));
    if (contracted.value < towards.value) {
      simplex = replaced(contracted);
      continue;
    }
    const shrunk: Vertex[] = [best];
    for (const { at } of others.slice(1).concat(worst)) shrunk.push(yield* vertex(along(best.at, at, SHRINKAGE)));
    simplex = shrunk;
  }
}

/**
 * A local minimum of a smooth function of a few unbounded coordinates, without derivatives (Nelder &
 * Mead 1965), started anew at what it found until that no longer improves. Yields after every
 * evaluation of `f`: a caller with others to serve lets them have a turn (`inTurns`).
 */
export function* minimise(
  f: (at: ReadonlyArray<number>) => number,
  start: ReadonlyArray<number>,
  tolerance: Tolerance = DEFAULT,
): Generator<void, Minimum> {
  let found = yield* descend(f, start, tolerance);
  let evaluations = found.evaluations;
  for (let starts = 1; starts < MAX_STARTS; starts++) {
    const again = yield* descend(f, found.at, tolerance);
    evaluations += again.evaluations;
    const improved = found.value - again.value;
    if (again.value <= found.value) found = again;
    if (improved <= tolerance.value) break;
  }
  return { ...found, evaluations };
}

/** Runs work that could give others a turn without giving it. */
export const atOnce = <A>(work: Generator<void, A>): A => {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
};

/** How long work may keep others waiting. */
const TURN_MS = 10;

/** Runs work, giving others their turn every ten milliseconds, or after the one step that took longer. */
export const inTurns = async <A>(work: Generator<void, A>, turn: () => Promise<void>): Promise<A> => {
  let since = performance.now();
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    if (performance.now() - since < TURN_MS) continue;
    await turn();
    since = performance.now();
  }
};
