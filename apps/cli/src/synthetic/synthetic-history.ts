import { tmpdir } from 'node:os';
import type { Instant } from '@afecto/domain';
import type { CloudEvent } from '../import';
import { demoConfigurationActivated } from '../simulator';
import { Calendar } from './calendar';
import { BEFORE_ORDERS_MS, customerStory, prospectStory, type Telling } from './parties';
import { onlineRetailShape } from './shape';
import { TimeSorter } from './time-sorter';

export interface SyntheticOptions {
  /** The same seed and numbers give the same facts; another seed gives others. */
  readonly seed: number;
  /** Parties who have ordered. */
  readonly customers: number;
  /** Parties who have not. */
  readonly prospects: number;
  /** Nothing happens after it; the history begins 374 days before. */
  readonly endsAt: Instant;
  /** Where facts are laid aside, about as much as all of them; default the temporary folder. */
  readonly inside?: string;
}

/** About what one party brings, in facts; a test holds them to what comes. */
export const FACTS_OF_CUSTOMER = 34;
export const FACTS_OF_PROSPECT = 3.35;
/** A section of time in memory. */
const FACTS_A_SECTION = 20_000;

/** How many of `parties` must have ordered so that all bring about `facts`. */
export const portfolioOf = (facts: number, parties: number): Pick<SyntheticOptions, 'customers' | 'prospects'> => {
  const share = (facts / parties - FACTS_OF_PROSPECT) / (FACTS_OF_CUSTOMER - FACTS_OF_PROSPECT);
  const customers = Math.round(parties * Math.min(1, Math.max(0, share)));
  return { customers, prospects: parties - customers };
};

/**
 * A large history in the order of time: customers whose orders have the shape of Online Retail, with the
 * touchpoints of the demonstration, and parties who have not ordered. Memory holds one section of time,
 * whatever the size; the rest lies in files until it is its turn, and they go with the generator.
 */
export function* syntheticHistory(options: SyntheticOptions): Generator<CloudEvent> {
  const { seed, customers, prospects, endsAt, inside = tmpdir() } = options;
  const calendar = new Calendar(endsAt, onlineRetailShape);
  const telling: Telling = { seed, calendar, shape: onlineRetailShape };
  const expected = customers * FACTS_OF_CUSTOMER + prospects * FACTS_OF_PROSPECT;
  const sections = Math.max(1, Math.ceil(expected / FACTS_A_SECTION));
  const sorter = new TimeSorter(calendar.startsAt, endsAt, sections, inside);
  try {
    for (let index = 0; index < customers; index += 1)
      for (const fact of customerStory(index, telling)) sorter.add(fact);
    for (let index = 0; index < prospects; index += 1)
      for (const fact of prospectStory(index, telling)) sorter.add(fact);
    yield demoConfigurationActivated(calendar.startsAt - BEFORE_ORDERS_MS);
    yield* sorter.inOrder();
  } finally {
    sorter.close();
  }
}
