import { portfolioAnalysis } from '@afecto/analytics';
import type { CommandSettings } from '../settings';
import { analysisStory } from '../terminal/analysis-story';
import type { Outcome } from './outcome';
import { readPortfolio } from './read-portfolio';

export interface AnalyseOptions {
  /** How far ahead customers are forecast. */
  readonly weeks: number;
  /** Annual rate, a fraction. */
  readonly discount: number;
  /** Customers and pairs of products shown at most. */
  readonly shown: number;
  readonly signal: AbortSignal;
}

/** The models and patterns of all customers (`domain.md §13`), as of `--as-of` or now. Changes nothing. */
export const analyse = (
  settings: CommandSettings,
  { weeks, discount, shown, signal }: AnalyseOptions,
): Promise<Outcome> =>
  readPortfolio(settings, 'analysing', signal, ({ asOf, policy: { configuration, review } }) => {
    const analysis = portfolioAnalysis({
      asOf,
      configuration,
      review,
      shown,
      horizonWeeks: weeks,
      annualDiscount: discount,
      marginRate: configuration.value.defaultMarginRate,
    });
    return {
      add: ({ evidence }, excluded) => analysis.add(evidence, excluded),
      result: analysis.report,
      story: analysisStory,
    };
  });
