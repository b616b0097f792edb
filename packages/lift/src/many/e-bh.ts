/**
 * The e-BH procedure: rejects the k* largest e-values, k* = max{k : e₍k₎ ≥ m/(αk)}. Holds the false discovery rate
 * under any dependence between the hypotheses, and with e-processes at any stopping time.
 * Source: Wang & Ramdas (2022), "False discovery rate control with e-values", definition 2.
 *
 * @returns Indices rejected, ascending.
 */
export function eBenjaminiHochberg(e: readonly number[] | Float64Array, alpha: number): number[] {
  return eBenjaminiHochbergLog(Float64Array.from(e, Math.log), alpha);
}

/** The same on ln e, for e-values beyond the range of a double. */
export function eBenjaminiHochbergLog(logE: Float64Array, alpha: number): number[] {
  const m = logE.length;
  // only e ≥ 1/α can ever be rejected, and these are few
  const floor = Math.log(1 / alpha) - 1e-9;
  const candidates: number[] = [];
  for (let i = 0; i < m; i++) if ((logE[i] as number) >= floor) candidates.push(i);
  candidates.sort((a, b) => (logE[b] as number) - (logE[a] as number));
  let count = 0;
  for (let k = 1; k <= candidates.length; k++) {
    // a relative 1e−12 forgives the rounding of m/(αk) itself
    if ((logE[candidates[k - 1] as number] as number) >= Math.log(m / (alpha * k)) - 1e-12) count = k;
  }
  return candidates.slice(0, count).sort((a, b) => a - b);
}

/**
 * Level of the interval that each selected hypothesis may show: α|S|/m, so that the false coverage rate of the
 * intervals shown is at most α. Source: Xu, Wang & Ramdas (2022), "Post-selection inference for e-value based
 * confidence intervals" (e-BY).
 */
export function eByLevel(alpha: number, selected: number, m: number): number {
  return (alpha * selected) / m;
}
