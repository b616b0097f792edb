import { logGamma, logGammaP, logGammaQ } from '../numerics/gamma.ts';
import { bestRhoOneSided, type Mixture } from './mixture.ts';

/** Gamma-exponential mixture for sub-exponential processes of scale c. Howard et al. (2021), proposition 3.7. */
export function gammaExponentialMixture(vOpt: number, c: number, alphaOpt = 0.05): Mixture {
  const square = c * c;
  const shape = bestRhoOneSided(vOpt, alphaOpt) / square;
  const constant = shape * Math.log(shape) - logGamma(shape) - logGammaP(shape, shape);
  return {
    largestS: () => Number.POSITIVE_INFINITY,
    logValue(s, v) {
      const sum = (c * s + v) / square;
      const total = v / square + shape;
      return constant + logGamma(total) + logGammaP(total, sum + shape) - total * Math.log(sum + shape) + sum;
    },
  };
}

/** Gamma-Poisson mixture for sub-Poisson processes of scale c. Howard et al. (2021), proposition 3.8. */
export function gammaPoissonMixture(vOpt: number, c: number, alphaOpt = 0.05): Mixture {
  const square = c * c;
  const shape = bestRhoOneSided(vOpt, alphaOpt) / square;
  const constant = shape * Math.log(shape) - logGamma(shape) - logGammaQ(shape, shape);
  return {
    largestS: () => Number.POSITIVE_INFINITY,
    logValue(s, v) {
      const total = v / square + shape;
      const sum = s / c + total;
      return constant + logGamma(sum) + logGammaQ(sum, total) - sum * Math.log(total) + v / square;
    },
  };
}
