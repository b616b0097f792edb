import { normalQuantile } from '../numerics/normal.ts';

/**
 * Units per arm to see an absolute difference: (z₁₋α/₂ + z_π)²(s²c + s²t)/δ², rounded up; with equal variances
 * LIFT.md's 2(z₁₋α/₂ + z_π)²s²/δ². Cohen (1988), section 2.4, normal form.
 */
export function sampleSizePerArm(input: {
  effect: number;
  variance: number;
  treatmentVariance?: number;
  alpha?: number;
  power?: number;
}): number {
  const { effect, variance, treatmentVariance = variance, alpha = 0.05, power = 0.8 } = input;
  const z = normalQuantile(1 - alpha / 2) + normalQuantile(power);
  return Math.ceil((z * z * (variance + treatmentVariance)) / (effect * effect));
}

/**
 * Units per arm to see a change of a proportion from p to p + effect, with the pooled variance under the null:
 * (z₁₋α/₂√(2p̄q̄) + z_π√(p₁q₁ + p₂q₂))²/δ². Fleiss, Levin & Paik (2003), equation 4.14.
 */
export function proportionSampleSizePerArm(input: {
  effect: number;
  p: number;
  alpha?: number;
  power?: number;
}): number {
  const { effect, p, alpha = 0.05, power = 0.8 } = input;
  const other = p + effect;
  const middle = (p + other) / 2;
  const root =
    normalQuantile(1 - alpha / 2) * Math.sqrt(2 * middle * (1 - middle)) +
    normalQuantile(power) * Math.sqrt(p * (1 - p) + other * (1 - other));
  return Math.ceil((root / effect) ** 2);
}
