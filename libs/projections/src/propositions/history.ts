import type { Configuration, Instant, Regime } from '@afecto/domain';

type Proposition = Configuration['propositions'][number];

/** What a version of the configuration did to one proposition. */
export interface PropositionChange {
  readonly propositionId: string;
  readonly change: 'added' | 'changed' | 'removed';
  /** Configuration version, and from when it is in force. */
  readonly version: number;
  readonly from: Instant;
  readonly before: Proposition | null;
  readonly after: Proposition | null;
}

const isSame = (one: Proposition, other: Proposition): boolean =>
  one.segmentId === other.segmentId && one.statement === other.statement;

const between = (
  earlier: ReadonlyArray<Proposition>,
  later: ReadonlyArray<Proposition>,
): ReadonlyArray<Pick<PropositionChange, 'propositionId' | 'change' | 'before' | 'after'>> => {
  const before = new Map(earlier.map((proposition) => [proposition.propositionId, proposition]));
  const after = new Map(later.map((proposition) => [proposition.propositionId, proposition]));
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((propositionId) => {
    const [was, is] = [before.get(propositionId) ?? null, after.get(propositionId) ?? null];
    if (was !== null && is !== null && isSame(was, is)) return [];
    const change = was === null ? ('added' as const) : is === null ? ('removed' as const) : ('changed' as const);
    return [{ propositionId, change, before: was, after: is }];
  });
};

/** Every change of a proposition up to an instant, the oldest first (`domain.md §11.7`, proposition registry). */
export const propositionChanges = ({ policies }: Regime, until: Instant): ReadonlyArray<PropositionChange> => {
  const changes: PropositionChange[] = [];
  let known: ReadonlyArray<Proposition> = [];
  for (const { configuration, since } of policies) {
    if (since > until) break;
    const { propositions, version } = configuration;
    if (propositions === known) continue;
    for (const change of between(known, propositions)) changes.push({ ...change, version, from: since });
    known = propositions;
  }
  return changes;
};
