/** From here on Stirling's series is exact to the last digits of a double. */
const STIRLING_FROM = 10;
const HALF_LOG_TWO_PI = 0.918_938_533_204_672_8;
/** B₂ₖ / (2k(2k−1)), k = 1…7 (Abramowitz & Stegun 6.1.41). */
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360_360, 1 / 156];

/** ln Γ(z) for z > 0, to about 1e−14 of the larger of 1 and its size: Stirling's series, small arguments shifted up. */
export const logGamma = (z: number): number => {
  let shifted = z;
  let product = 1;
  while (shifted < STIRLING_FROM) {
    product *= shifted;
    shifted += 1;
  }
  const squared = 1 / (shifted * shifted);
  let series = 0;
  for (let index = STIRLING.length - 1; index >= 0; index--) series = series * squared + (STIRLING[index] ?? 0);
  return (shifted - 0.5) * Math.log(shifted) - shifted + HALF_LOG_TWO_PI + series / shifted - Math.log(product);
};

/** ln B(a, b) for a, b > 0. */
export const logBeta = (a: number, b: number): number => logGamma(a) + logGamma(b) - logGamma(a + b);
