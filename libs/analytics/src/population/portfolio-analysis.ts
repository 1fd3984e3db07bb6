import {
  calendarOf,
  type Configuration,
  type Evidence,
  type Instant,
  orderDaysAt,
  type Review,
  rhythmOf,
  toIso,
} from '@afecto/domain';
import * as E from 'fp-ts/Either';
import type { FittedBgNbd, Unavailable } from '../buying/fit';
import { chiSquare, type RepeatCount, repeatHistogram } from '../buying/histogram';
import { fitWithoutLeaving, isLeavingEvident, type WithoutLeaving } from '../buying/leaving';
import type { PurchaseSample } from '../buying/sample';
import type { LifetimeTerms } from '../lifetime-value/lifetime-value';
import { type Affinity, affinityTable, MIN_SUPPORT } from '../patterns/affinity';
import { cadenceOf } from '../patterns/cadence';
import { type Season, seasonTable } from '../patterns/seasonality';
import { type Cohort, cohortTable } from '../retention/cohorts';
import type { SpendingFit } from '../spending/fit';
import { type Buyer, buyerOf } from './buyer';
import { fitModels } from './fit-models';
import { type Forecast, topForecasts } from './forecast';

export interface AnalysisTerms extends LifetimeTerms {
  readonly asOf: Instant;
  readonly configuration: Configuration;
  readonly review: Review | null;
  /** Customers and pairs of products shown at most. */
  readonly shown: number;
}

/** The models and patterns of a population at an instant (`domain.md §13`); money in minor units. */
export interface PortfolioAnalysis {
  readonly asOf: string;
  /** Customers whom the models describe. */
  readonly customers: number;
  readonly repeatBuyers: number;
  /** Null without customers. */
  readonly repeatRate: number | null;
  /** Parties whom they do not: staff, rivals, the erased and those who object; never ordered; not recognisable. */
  readonly leftOut: { readonly excluded: number; readonly withoutOrder: number; readonly unrecognisable: number };
  readonly buying:
    | {
        readonly model: FittedBgNbd;
        /** The best model in which nobody leaves. */
        readonly withoutLeaving: WithoutLeaving;
        /** False: that one is as good, and P(alive) says nothing. */
        readonly leavingEvident: boolean;
        readonly histogram: ReadonlyArray<RepeatCount>;
        readonly chiSquare: number;
      }
    | { readonly unavailable: Unavailable };
  readonly spending: SpendingFit | { readonly unavailable: Unavailable };
  readonly horizonWeeks: number;
  readonly annualDiscount: number;
  readonly marginRate: number;
  readonly top: ReadonlyArray<Forecast>;
  readonly cohorts: ReadonlyArray<Cohort>;
  readonly orders: number;
  readonly minSupport: number;
  readonly affinity: ReadonlyArray<Affinity>;
  readonly season: Season;
}

function* qualityOf(model: FittedBgNbd, sample: PurchaseSample) {
  const withoutLeaving = yield* fitWithoutLeaving(sample);
  const histogram = repeatHistogram(sample, model);
  const leavingEvident = isLeavingEvident(model, withoutLeaving);
  return { model, withoutLeaving, leavingEvident, histogram, chiSquare: chiSquare(histogram) };
}

/**
 * Collects the analysis of a population customer by customer, in any order. Memory: one small record a
 * customer and the counts of the tables.
 */
export const portfolioAnalysis = (terms: AnalysisTerms) => {
  const { asOf, configuration, review, shown } = terms;
  const calendar = calendarOf(configuration.tenant.timeZone);
  const buyers: Array<Buyer & { readonly nextDueAt: Instant | null }> = [];
  const leftOut = { excluded: 0, withoutOrder: 0, unrecognisable: 0 };
  const cohorts = cohortTable();
  const affinity = affinityTable();
  const season = seasonTable();
  return {
    /** Takes a customer of evidence folded to `asOf`; `excluded`: outside every population (`ReviewRow`). */
    add: (evidence: Evidence, excluded: boolean): void => {
      if (excluded) {
        leftOut.excluded += 1;
        return;
      }
      for (const { placedAt, fullyReversed, netByProductLine } of evidence.placedOrders) {
        if (placedAt === null || placedAt > asOf || fullyReversed) continue;
        affinity.add(netByProductLine.keys());
        season.add(calendar.dayNumber(placedAt));
      }
      const days = orderDaysAt(evidence, asOf);
      const buyer = buyerOf(evidence, asOf);
      if (buyer === null) {
        leftOut[days.length === 0 ? 'withoutOrder' : 'unrecognisable'] += 1;
        return;
      }
      cohorts.add(days.map(({ day }) => calendar.dayNumber(day)));
      buyers.push({ ...buyer, nextDueAt: cadenceOf(rhythmOf(days, review, configuration)).nextDueAt });
    },
    /** Fits the models and closes the tables. Run with `atOnce` or `inTurns`. */
    report: function* (): Generator<void, PortfolioAnalysis> {
      const models = yield* fitModels(buyers);
      const { sample, buying, spending } = models;
      const bought = E.isRight(buying) ? yield* qualityOf(buying.right, sample) : { unavailable: buying.left };
      return {
        asOf: toIso(asOf),
        customers: sample.customers,
        repeatBuyers: sample.repeatBuyers,
        repeatRate: sample.customers === 0 ? null : sample.repeatBuyers / sample.customers,
        leftOut,
        buying: bought,
        spending: E.isRight(spending) ? spending.right : { unavailable: spending.left },
        horizonWeeks: terms.horizonWeeks,
        annualDiscount: terms.annualDiscount,
        marginRate: terms.marginRate,
        top: yield* topForecasts(buyers, models, terms, shown),
        cohorts: cohorts.rows(),
        orders: affinity.orders(),
        minSupport: MIN_SUPPORT,
        affinity: affinity.rows().slice(0, shown),
        season: season.season(),
      };
    },
  };
};
