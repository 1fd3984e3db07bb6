import * as E from 'fp-ts/Either';
import { type CommandDefinition, decided } from '../command/definition';
import { refuse } from '../command/errors';
import { guardNotFuture } from '../command/guards';
import { toIso } from '../time/calendar';
import { PortfolioReviewed } from './events';
import { ofPolicy, type PolicyState } from './state';

/** The numbers over all customers, composed by the application from the population at `asOf`. */
export type ReviewPortfolio = PortfolioReviewed;

/** Freezes cross-customer numbers (`domain.md §1`, §6.5). StaleReview: `asOf` is not later than the last review's. */
export const reviewPortfolio: CommandDefinition<ReviewPortfolio, PolicyState> = {
  name: 'ReviewPortfolio',
  input: PortfolioReviewed,
  ...ofPolicy,
  decide: (input, context) => (state) => {
    const asOf = Date.parse(input.asOf);
    const future = guardNotFuture(asOf, context, '/asOf');
    if (future) return E.left(future);
    if (state.reviewedAsOf !== null && asOf <= state.reviewedAsOf) {
      return refuse('StaleReview', `the last review is as of ${toIso(state.reviewedAsOf)}`, { path: '/asOf' });
    }
    return E.right([decided('PortfolioReviewed', input, [])]);
  },
};
