/** A square complex matrix, row-major, re and im in turn: entry (r, c) of a d×d matrix sits at 2(rd + c). */
export type Matrix = Float64Array;

/** Rows of re, im, re, im… */
export function fromRows(rows: readonly (readonly number[])[]): Matrix {
  return Float64Array.from(rows.flat());
}

export function dimension(matrix: Matrix): number {
  return Math.round(Math.sqrt(matrix.length / 2));
}

/** diag(exp(i·phase)) with exact entries at multiples of π/2. */
export function diagonal(phases: readonly number[]): Matrix {
  const d = phases.length;
  const matrix = new Float64Array(2 * d * d);
  phases.forEach((phase, i) => {
    matrix[2 * (i * d + i)] = phase === 0 ? 1 : exact(Math.cos(phase));
    matrix[2 * (i * d + i) + 1] = phase === 0 ? 0 : exact(Math.sin(phase));
  });
  return matrix;
}

/** Drops the rounding of cos and sin at right angles, so that diagonal and permutation structure is seen exactly. */
function exact(value: number): number {
  const nearest = Math.round(value);
  return Math.abs(value - nearest) < 1e-15 ? nearest : value;
}

/** The matrix that sends |i> to |image[i]>. */
export function permutation(image: readonly number[]): Matrix {
  const d = image.length;
  const matrix = new Float64Array(2 * d * d);
  image.forEach((to, from) => {
    matrix[2 * (to * d + from)] = 1;
  });
  return matrix;
}

/** One more control as the highest bit: diag(1, U). */
export function controlled(matrix: Matrix): Matrix {
  const d = dimension(matrix);
  const out = new Float64Array(8 * d * d);
  for (let i = 0; i < d; i++) {
    out[2 * (i * 2 * d + i)] = 1;
    for (let j = 0; j < d; j++) {
      out[2 * ((d + i) * 2 * d + d + j)] = matrix[2 * (i * d + j)]!;
      out[2 * ((d + i) * 2 * d + d + j) + 1] = matrix[2 * (i * d + j) + 1]!;
    }
  }
  return out;
}

/** a·b */
export function multiply(a: Matrix, b: Matrix): Matrix {
  const d = dimension(a);
  const out = new Float64Array(a.length);
  for (let i = 0; i < d; i++)
    for (let k = 0; k < d; k++) {
      const re = a[2 * (i * d + k)]!;
      const im = a[2 * (i * d + k) + 1]!;
      if (re === 0 && im === 0) continue;
      for (let j = 0; j < d; j++) {
        const br = b[2 * (k * d + j)]!;
        const bi = b[2 * (k * d + j) + 1]!;
        const at = 2 * (i * d + j);
        out[at] = out[at]! + re * br - im * bi;
        out[at + 1] = out[at + 1]! + re * bi + im * br;
      }
    }
  return out;
}

/** The conjugate transpose, which is the inverse of a unitary. */
export function dagger(matrix: Matrix): Matrix {
  const d = dimension(matrix);
  const out = new Float64Array(matrix.length);
  for (let i = 0; i < d; i++)
    for (let j = 0; j < d; j++) {
      out[2 * (j * d + i)] = matrix[2 * (i * d + j)]!;
      out[2 * (j * d + i) + 1] = -matrix[2 * (i * d + j) + 1]!;
    }
  return out;
}

/** Largest |(U†U - 1)| entry: 0 for a unitary up to rounding. */
export function unitarityError(matrix: Matrix): number {
  const d = dimension(matrix);
  const product = multiply(dagger(matrix), matrix);
  let worst = 0;
  for (let i = 0; i < d; i++)
    for (let j = 0; j < d; j++)
      worst = Math.max(
        worst,
        Math.abs(product[2 * (i * d + j)]! - (i === j ? 1 : 0)),
        Math.abs(product[2 * (i * d + j) + 1]!),
      );
  return worst;
}
