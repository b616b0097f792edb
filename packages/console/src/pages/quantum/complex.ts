import type { QuantumResult } from '@myriad/contracts';
import { toCsv } from '../../format/csv.ts';

const nothing = 1e-15;

/** A number with so many digits that count; what rounding left of zero is 0. */
export function significant(value: number, digits = 6): string {
  return Math.abs(value) < nothing ? '0' : String(Number(value.toPrecision(digits))).replace('-', '−');
}

/** `0.5 − 0.25i`. */
export function complex(re: number, im: number, digits = 6): string {
  return `${significant(re, digits)} ${im < -nothing ? '−' : '+'} ${significant(Math.abs(im), digits)}i`;
}

/** A result as a table for a spreadsheet. */
export function resultCsv(result: QuantumResult): string {
  if (result.what === 'measure')
    return toCsv(
      ['outcome', 'count', 'share'],
      result.counts.map(({ key, count }) => [`|${key}>`, count, count / result.shots]),
    );
  if (result.what === 'amplitude')
    return toCsv(
      ['bitstring', 're', 'im', 'probability', 'fidelity'],
      [[`|${result.bitstring}>`, result.re, result.im, result.probability, result.fidelity]],
    );
  if (result.what === 'optimise')
    return toCsv(
      ['step', 'mean'],
      result.curve.map((value, step) => [step, value]),
    );
  return toCsv(['product', 'mean'], [...result.terms.map(({ pauli, value }) => [pauli, value]), ['sum', result.value]]);
}
