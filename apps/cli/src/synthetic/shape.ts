import type { Quantiles } from './quantiles';

/** Customers with at least so many orders have a rhythm of their own: who orders more often waits less. */
export const BANDS = [1, 2, 3, 5, 10, 30] as const;

/**
 * The shape of Online Retail (Chen, Sain and Guo 2012), customers whom the file names only, as
 * `measure-shape.js` prints it. Quantiles stand at the shares of `AT`.
 */
export interface Shape {
  /** Days that the file spans. */
  readonly days: number;
  readonly ordersOfCustomer: Quantiles;
  /** Between two orders of a customer, one row for each of `BANDS`. */
  readonly gapDays: ReadonlyArray<Quantiles>;
  readonly linesOfOrder: Quantiles;
  readonly totalMinor: Quantiles;
  /** Orders of which something is taken back; which share of the amount, and how many days after the order. */
  readonly reversedShare: number;
  readonly reversedAmountShare: Quantiles;
  readonly reversedAfterDays: Quantiles;
  /** Orders a day in each month, 1: as many as in the mean. */
  readonly months: ReadonlyArray<number>;
  /** Shares from Sunday on. */
  readonly weekdays: ReadonlyArray<number>;
  /** Shares of the hours of the day, UTC. */
  readonly hours: ReadonlyArray<number>;
}

export const onlineRetailShape: Shape = {
  days: 374,
  ordersOfCustomer: [1, 1, 1, 1, 1, 2, 2, 3, 4, 6, 9, 13, 21, 30, 42, 92, 210],
  gapDays: [
    [],
    [
      0, 0.013, 9.937, 24.815, 40.76, 61.841, 89.038, 122.897, 159.166, 197.066, 256.28, 309.023, 348.969, 353.715,
      356.999, 365.095, 365.982,
    ],
    [
      0, 0.004, 4.152, 18.021, 31.127, 43.084, 58.167, 75.833, 96.054, 122.92, 162.896, 202.357, 251.985, 294.211,
      315.481, 341.354, 355.951,
    ],
    [
      0, 0.002, 1.996, 11.751, 19.075, 28.009, 36.988, 46.885, 58.906, 75.028, 102.938, 128.007, 170.652, 207.753,
      229.413, 281.736, 329.976,
    ],
    [
      0, 0.001, 0.007, 5.98, 9.845, 13.958, 18.059, 22.887, 29.003, 37.031, 49.072, 62.961, 83.482, 105.211, 119.101,
      210.09, 251.153,
    ],
    [
      0, 0.001, 0.001, 0.034, 0.976, 2.131, 3.968, 5.883, 7.121, 10.966, 16.997, 22.923, 31.556, 38.853, 46.487, 55.106,
      60.076,
    ],
  ],
  linesOfOrder: [1, 1, 2, 5, 8, 11, 15, 19, 24, 32, 48, 65, 89, 111, 135, 230, 542],
  totalMinor: [
    0, 3816, 8572, 13470, 18347, 24032, 30302, 34166, 41755, 54664, 82462, 123654, 224595, 384878, 572968, 1476224,
    16846960,
  ],
  reversedShare: 0.192,
  reversedAmountShare: [
    0.0003, 0.0047, 0.0079, 0.014, 0.0217, 0.0305, 0.0424, 0.0587, 0.0875, 0.1341, 0.3252, 0.8046, 1, 1, 1, 1, 1,
  ],
  reversedAfterDays: [
    0, 0.003, 0.156, 2.895, 4.804, 6.186, 7.985, 11.036, 16.251, 28.088, 58.935, 108.058, 184.12, 216.807, 252.102,
    332.071, 361.957,
  ],
  months: [0.642, 0.719, 0.86, 0.773, 1.012, 0.937, 0.866, 0.834, 1.181, 1.256, 1.788, 1.099],
  weekdays: [0.117, 0.1545, 0.1718, 0.1864, 0.2176, 0.1527, 0],
  hours: [
    0, 0, 0, 0, 0, 0, 0.0001, 0.0016, 0.0299, 0.0752, 0.1201, 0.1228, 0.1688, 0.1423, 0.1227, 0.1099, 0.0593, 0.0293,
    0.0091, 0.0078, 0.001, 0, 0, 0,
  ],
};
