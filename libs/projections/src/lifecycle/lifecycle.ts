import type { CustomerState, Phase } from '@afecto/domain';
import { isoOrNull } from '../iso';

/** PR05: the phase of the lifecycle, since when, and how the customer came there (`domain.md §4.1`). */
export interface LifecycleView {
  readonly phase: Phase;
  readonly since: string | null;
  readonly strategy: string;
  readonly owner: string;
  readonly lostSince: string | null;
  readonly wonBackAt: string | null;
  readonly history: ReadonlyArray<{ readonly phase: Phase; readonly from: string | null; readonly to: string | null }>;
}

export const lifecycleOf = ({ standing, policy }: CustomerState): LifecycleView => {
  const { phase, since, lostSince, wonBack, history } = standing.lifecycle;
  const { strategy, owner } = policy.configuration.lifecycle.strategies[phase];
  return {
    phase,
    since: isoOrNull(since),
    strategy,
    owner,
    lostSince: isoOrNull(lostSince),
    wonBackAt: isoOrNull(wonBack?.at ?? null),
    history: history.map(({ phase: was, from, to }) => ({ phase: was, from: isoOrNull(from), to: isoOrNull(to) })),
  };
};
