import { reducedDensity } from './noise.ts';
import type { State } from './state.ts';

/** What a person wants to see of a state that is too long to print. */
export interface StateReport {
  readonly qubits: number;
  readonly norm: number;
  /** The likeliest basis states, qubit 0 first. */
  readonly top: readonly {
    readonly bitstring: string;
    readonly re: number;
    readonly im: number;
    readonly probability: number;
  }[];
  /** Bloch vector of each qubit by itself: shorter than 1 where it is entangled. */
  readonly bloch: readonly { readonly x: number; readonly y: number; readonly z: number }[];
}

/** @param count How many basis states to list. */
export function describeState(state: State, count = 16): StateReport {
  const { amplitudes, qubitCount } = state;
  const top: { index: number; probability: number }[] = [];
  let least = 0;
  for (let i = 0; i < amplitudes.length; i += 2) {
    const probability = amplitudes[i]! ** 2 + amplitudes[i + 1]! ** 2;
    if (probability <= least || (top.length === count && probability <= top[count - 1]!.probability)) continue;
    const place = top.findIndex((entry) => entry.probability < probability);
    top.splice(place < 0 ? top.length : place, 0, { index: i / 2, probability });
    if (top.length > count) top.pop();
    if (top.length === count) least = top[count - 1]!.probability;
  }
  const norm = state.norm();
  return {
    qubits: qubitCount,
    norm,
    top: top.map(({ index, probability }) => ({
      bitstring: qubitCount === 0 ? '' : index.toString(2).padStart(qubitCount, '0'),
      re: amplitudes[2 * index]!,
      im: amplitudes[2 * index + 1]!,
      probability,
    })),
    bloch: Array.from({ length: qubitCount }, (_, qubit) => {
      const { zero, one, re, im } = reducedDensity(state, qubit);
      return { x: (2 * re) / norm, y: (2 * im) / norm, z: (zero - one) / norm };
    }),
  };
}
