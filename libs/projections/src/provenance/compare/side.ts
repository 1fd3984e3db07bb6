import { type Configuration, type Fact, type Instant, linksOf, regimeOf, toIso } from '@afecto/domain';
import type { World } from '../../engine/customer-facts';
import { isLink } from '../../engine/read-fact';

/** One of two readings of the same history. It may be sent to another thread. */
export interface Side {
  /** What had happened by then. */
  readonly asOf: Instant;
  /** What had been told by then; null: all that is recorded. */
  readonly knownAt: Instant | null;
  /** In force over the whole history in place of those that were activated; null: those. */
  readonly configuration: Configuration | null;
}

const BEFORE_EVERYTHING: Instant = Date.parse('0001-01-01T00:00:00.000Z');

/** The facts about policies as if one configuration had always been in force. Recorded reviews and campaigns stay. */
const always = (worldFacts: ReadonlyArray<Fact>, config: Configuration): ReadonlyArray<Fact> => [
  ...worldFacts.filter(({ type }) => type !== 'ConfigurationActivated'),
  {
    eventId: 'simulated-configuration',
    type: 'ConfigurationActivated',
    schemaVersion: 1,
    streamId: 'policy',
    occurredAt: BEFORE_EVERYTHING,
    recordedAt: BEFORE_EVERYTHING,
    source: 'simulation',
    id: 'simulated-configuration',
    subjects: [],
    actor: { kind: 'system', id: 'simulation' },
    data: { version: config.version, effectiveFrom: toIso(BEFORE_EVERYTHING), config },
  },
];

export const isKnown = ({ knownAt }: Pick<Side, 'knownAt'>, recordedAt: Instant): boolean =>
  knownAt === null || recordedAt <= knownAt;

/** Policies and links as a side has them. */
export const worldOfSide = (side: Side, worldFacts: ReadonlyArray<Fact>): World => {
  const known = worldFacts.filter(({ recordedAt }) => isKnown(side, recordedAt));
  const policies = known.filter((fact) => !isLink(fact));
  return {
    links: linksOf(known.filter(isLink), side.asOf),
    regime: regimeOf(side.configuration === null ? policies : always(policies, side.configuration)),
  };
};
