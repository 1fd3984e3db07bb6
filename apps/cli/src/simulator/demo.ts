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

export interface DemoData {
  /** Default: the demonstration's own. */
  readonly seed?: number;
  /** So many customers, those who come first in the file; default all. */
  readonly customers?: number;
}

/**
 * The demonstration: the Superstore orders, its configuration in force from the day of the first fact, and simulated
 * touchpoints, all in the order of time. The clock of the demonstration is the report's `endsAt`. The
 * report is that of the Superstore file; it does not count what was simulated.
 */
export const openDemo = (data: DemoData = {}): Opened<CloudEvent> =>
  pipe(
    openSuperstore({ path: superstorePath() }, { reportingCurrency: 'USD' }),
    E.map((superstore) => ({ ...superstore, facts: withTouchpoints(superstore, data) })),
  );

/** What is said of the customers who come first. */
const ofTheFirst = (customers: number, facts: ReadonlyArray<CloudEvent>): ReadonlyArray<CloudEvent> => {
  const chosen = new Set<string | undefined>();
  for (const { subject } of facts) if (chosen.size < customers) chosen.add(subject);
  return facts.filter(({ subject }) => chosen.has(subject));
};

async function* withTouchpoints(
  superstore: ImportSource<CloudEvent>,
  { seed = DEMO_SEED, customers = Number.MAX_SAFE_INTEGER }: DemoData,
): AsyncGenerator<CloudEvent> {
  const all: CloudEvent[] = [];
  for await (const fact of superstore.facts) all.push(fact);
  const orders = ofTheFirst(customers, all);
  const [first] = orders;
  const { endsAt } = superstore.report();
  if (first === undefined || endsAt === null) return;
  const dayOfFirst = Math.floor(Date.parse(first.time) / DAY_MS) * DAY_MS;
  const touchpoints = simulateTouchpoints(orders, { seed, endsAt: Date.parse(endsAt) });
  const facts = [...orders, ...touchpoints].sort(compareByTime);
  yield demoConfigurationActivated(Math.min(dayOfFirst, Date.parse(facts[0]?.time ?? first.time)));
  yield* facts;
}
