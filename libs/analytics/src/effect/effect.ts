import { type Interval, welchDifference } from './welch';

/** What a campaign did, against the customers it left alone; money in minor units. */
export interface CampaignEffect {
  readonly test: number;
  readonly control: number;
  /** Mean contribution of a party, test − control; unknown without a control arm, never imputed. */
  readonly lift: number | 'unknown';
  /** 95 % interval of the lift by Welch; null where it cannot be computed. */
  readonly interval: Interval | null;
  /** (lift · n_test − cost)/cost; null while the lift is unknown or nothing was spent. */
  readonly roi: number | null;
}

/**
 * Effect and ROI of a campaign from the contributions of its parties over the window, by the arm that
 * `campaignArm` put them in (`domain.md §13.6`).
 */
export const campaignEffect = (arms: {
  readonly testMinor: ReadonlyArray<number>;
  readonly controlMinor: ReadonlyArray<number>;
  readonly costMinor: number;
}): CampaignEffect => {
  const { testMinor, controlMinor, costMinor } = arms;
  const sizes = { test: testMinor.length, control: controlMinor.length };
  if (sizes.test === 0 || sizes.control === 0) return { ...sizes, lift: 'unknown', interval: null, roi: null };
  const meanOf = (values: ReadonlyArray<number>): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const lift = meanOf(testMinor) - meanOf(controlMinor);
  return {
    ...sizes,
    lift,
    interval: welchDifference(testMinor, controlMinor)?.interval ?? null,
    roi: costMinor === 0 ? null : (lift * sizes.test - costMinor) / costMinor,
  };
};
