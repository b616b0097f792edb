/**
 * Riemann's ζ(s) for real s > 1, by Euler-Maclaurin summation after 20 terms.
 * Source: Abramowitz & Stegun 23.2.3; Bernoulli numbers to B₁₂.
 */
export function zeta(s: number): number {
  const n = 20;
  let sum = 0;
  for (let k = 1; k < n; k++) sum += k ** -s;
  sum += n ** (1 - s) / (s - 1) + 0.5 * n ** -s;
  const bernoulli = [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730];
  let factor = s * n ** (-s - 1);
  let factorial = 2;
  bernoulli.forEach((value, index) => {
    const j = index + 1;
    sum += (value / factorial) * factor;
    factor *= ((s + 2 * j - 1) * (s + 2 * j)) / (n * n);
    factorial *= (2 * j + 1) * (2 * j + 2);
  });
  return sum;
}
