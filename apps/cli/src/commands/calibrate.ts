import { forecastBackTest, isRecognisable, zoneBackTest } from '@afecto/analytics';
import type { CommandSettings } from '../settings';
import { calibrationStory } from '../terminal/calibration-story';
import type { Outcome } from './outcome';
import { readPortfolio } from './read-portfolio';

export interface CalibrateOptions {
  /** Days within which a customer is to buy again. */
  readonly within: number;
  /** Days between the instants at which zones are looked at. */
  readonly every: number;
  readonly signal: AbortSignal;
}

/**
 * Back-tests of the zones and of the model of buying against the orders that followed, on what is known
 * as of `--as-of` or now. Changes nothing.
 */
export const calibrate = (settings: CommandSettings, { within, every, signal }: CalibrateOptions): Promise<Outcome> =>
  readPortfolio(settings, 'calibrating', signal, ({ asOf }) => {
    const zones = zoneBackTest({ end: asOf, withinDays: within, everyDays: every });
    const forecast = forecastBackTest(asOf, within);
    return {
      add: ({ evidence, standing }, excluded) => {
        if (excluded) return;
        if (isRecognisable(evidence, asOf)) zones.add(standing.loyalty.history, evidence.orderDays);
        forecast.add(evidence);
      },
      result: function* () {
        return { zones: zones.result(), forecast: yield* forecast.result() };
      },
      story: calibrationStory,
    };
  });
