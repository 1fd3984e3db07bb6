export { portfolioOf, syntheticHistory, type SyntheticOptions } from './synthetic-history';
