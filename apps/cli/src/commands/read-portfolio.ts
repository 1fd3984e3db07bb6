import { setImmediate as nextTurn } from 'node:timers/promises';
import { inTurns } from '@afecto/analytics';
import type { PopulationMember } from '@afecto/application';
import { reviewRowOf } from '@afecto/domain';
import * as E from 'fp-ts/Either';
import type { CommandSettings } from '../settings';
import { count, counted, rate } from '../terminal/numbers';
import { progressLine } from '../terminal/progress';
import { openToAsk, type Population } from './asking';
import { done, failed, interrupted, json, type Outcome } from './outcome';

/** What reads every customer once and keeps little of each. */
export interface PortfolioReading<A> {
  /** `excluded`: outside every population (`ReviewRow`). */
  readonly add: (member: PopulationMember, excluded: boolean) => void;
  /** Closes the tables; yields now and then. */
  readonly result: () => Generator<void, A>;
  readonly story: (result: A) => string;
}

/** The same work, or null as soon as the signal comes. */
function* unlessAborted<A>(work: Generator<void, A>, signal: AbortSignal): Generator<void, A | null> {
  for (;;) {
    if (signal.aborted) return null;
    const step = work.next();
    if (step.done === true) return step.value;
    yield;
  }
}

const GONE = interrupted('Interrupted; nothing was changed.');

/** Streams every customer as of `--as-of` or now through a reading, with progress, and prints what it found. */
export const readPortfolio = async <A>(
  settings: CommandSettings,
  title: string,
  signal: AbortSignal,
  readingOf: (population: Population) => PortfolioReading<A>,
): Promise<Outcome> => {
  if (settings.knownAt !== undefined)
    return failed(
      '--known-at asks about one party (profile, explain); for all customers use: afecto replay --known-at T',
    );
  const opened = await openToAsk(settings, signal);
  if (E.isLeft(opened))
    return opened.left.code === 'Interrupted' ? interrupted(opened.left.message) : failed(opened.left.message);
  const line = progressLine(title, !settings.json);
  const started = performance.now();
  try {
    const population = await opened.right.population();
    const { members, policy, asOf, size } = population;
    const reading = readingOf(population);
    let customers = 0;
    for await (const member of members) {
      if (signal.aborted) return GONE;
      reading.add(member, reviewRowOf(member.evidence, policy, asOf).excluded);
      customers += 1;
      line.update(customers, size, `${counted(customers, 'customer')}, ${rate(customers, started)}`);
    }
    line.update(customers, size, `${count(customers)} customers; fitting`);
    const result = await inTurns(unlessAborted(reading.result(), signal), () => nextTurn());
    line.end();
    if (result === null) return GONE;
    return done(settings.json ? json(result) : reading.story(result));
  } finally {
    line.end();
    await opened.right.close();
  }
};
