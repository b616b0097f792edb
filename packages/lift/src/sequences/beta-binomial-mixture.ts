import { logIncompleteBeta } from '../numerics/beta.ts';
import { logBeta } from '../numerics/gamma.ts';
import { bestRho, bestRhoOneSided, type Mixture } from './mixture.ts';

const logPartialBeta = (a: number, b: number, x: number, y: number) =>
  y === 0 ? logBeta(a, b) : logIncompleteBeta(a, b, x, y) + logBeta(a, b);

/**
 * Beta-binomial mixture for increments in [−g, h] (sub-Bernoulli). Howard et al. (2021), proposition 3.6.
 *
 * @param oneSided Mixes over an upward drift only.
 */
export function betaBinomialMixture(vOpt: number, g: number, h: number, alphaOpt = 0.05, oneSided = true): Mixture {
  const rho = oneSided ? bestRhoOneSided(vOpt, alphaOpt) : bestRho(vOpt, alphaOpt);
  const r = Math.max(rho - g * h, 1e-3 * g * h);
  const width = g + h;
  const x = oneSided ? h / width : 1;
  const y = oneSided ? g / width : 0;
  const normaliser = logPartialBeta(r / (g * width), r / (h * width), x, y);
  return {
    largestS: (v) => v / g,
    logValue(s, v) {
      return (
        (v / (g * h)) * Math.log(width) -
        ((v + h * s) / (h * width)) * Math.log(g) -
        ((v - g * s) / (g * width)) * Math.log(h) +
        logPartialBeta((r + v - g * s) / (g * width), (r + v + h * s) / (h * width), x, y) -
        normaliser
      );
    },
  };
}
