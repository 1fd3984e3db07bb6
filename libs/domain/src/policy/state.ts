import type { Fact } from '../facts/envelope';
import { POLICY_STREAM } from '../facts/catalogue';
import type { Instant } from '../time/calendar';

/** What the one policy stream must remember to stay in sequence. */
export interface PolicyState {
  /** Highest version activated; 0 before the first activation. */
  readonly version: number;
  /** Population instant of the latest review; null before the first. */
  readonly reviewedAsOf: Instant | null;
}

export const evolvePolicy = (state: PolicyState, fact: Fact): PolicyState => {
  switch (fact.type) {
    case 'ConfigurationActivated':
      return { ...state, version: Math.max(state.version, fact.data.version) };
    case 'PortfolioReviewed':
      return { ...state, reviewedAsOf: Math.max(state.reviewedAsOf ?? -Infinity, Date.parse(fact.data.asOf)) };
    default:
      return state;
  }
};

/** What all commands on the policy share. */
export const ofPolicy = {
  streamOf: (): string => POLICY_STREAM,
  initial: { version: 0, reviewedAsOf: null } as PolicyState,
  evolve: evolvePolicy,
};
