import * as E from 'fp-ts/Either';
import { pipe } from 'fp-ts/function';
import { DAY_MS } from '@afecto/domain';
import {
  type CloudEvent,
  compareByTime,
  type ImportSource,
  type Opened,
  openSuperstore,
  superstorePath,
} from '../import';
import { demoConfigurationActivated } from './demo-configuration';
import { simulateTouchpoints } from './simulate';

export const DEMO_SEED = 20_171_230;

/**
 * The demonstration: the Superstore orders, its configuration in force from the day of the first fact, and simulated
 * touchpoints, all in the order of time. The clock of the demonstration is the report's `endsAt`. The
 * report is that of the Superstore file; it does not count what was simulated.
 */
export const openDemo = (seed: number = DEMO_SEED): Opened<CloudEvent> =>
  pipe(
    openSuperstore({ path: superstorePath() }, { reportingCurrency: 'USD' }),
    E.map((superstore) => ({ ...superstore, facts: withTouchpoints(superstore, seed) })),
  );

async function* withTouchpoints(superstore: ImportSource<CloudEvent>, seed: number): AsyncGenerator<CloudEvent> {
  const orders: CloudEvent[] = [];
  for await (const fact of superstore.facts) orders.push(fact);
  const [first] = orders;
  const { endsAt } = superstore.report();
  if (first === undefined || endsAt === null) return;
  const dayOfFirst = Math.floor(Date.parse(first.time) / DAY_MS) * DAY_MS;
  const touchpoints = simulateTouchpoints(orders, { seed, endsAt: Date.parse(endsAt) });
  const facts = [...orders, ...touchpoints].sort(compareByTime);
  yield demoConfigurationActivated(Math.min(dayOfFirst, Date.parse(facts[0]?.time ?? first.time)));
  yield* facts;
}
