import { TaizhangError } from '../errors.ts';
import { dagger, fromRows, type Matrix, multiply } from '../ir/matrix.ts';
import type { Random } from '../ir/random.ts';
import type { State } from './state.ts';

/** A channel on one qubit: Pauli errors with their probabilities, or Kraus operators with ΣK†K = 1. */
export type Channel =
  | { readonly kind: 'pauli'; readonly x: number; readonly y: number; readonly z: number }
  | { readonly kind: 'kraus'; readonly operators: readonly Matrix[] };

/** Which channel follows which operation, on each of its qubits. */
export interface NoiseModel {
  /** By gate name; comes before the two below. */
  readonly gates?: Readonly<Record<string, Channel>>;
  readonly oneQubit?: Channel;
  readonly moreQubits?: Channel;
  /** Probability that a measured bit is read the other way round. */
  readonly readoutFlip?: number;
}

/** X, Y and Z with probability p/3 each (Nielsen and Chuang, section 8.3.4, in the convention of a total error p). */
export function depolarizing(p: number): Channel {
  return checked({ kind: 'pauli', x: p / 3, y: p / 3, z: p / 3 });
}

/** Decay |1> → |0> with probability gamma (Nielsen and Chuang, equation 8.108). */
export function amplitudeDamping(gamma: number): Channel {
  return checked({
    kind: 'kraus',
    operators: [
      fromRows([
        [1, 0, 0, 0],
        [0, 0, Math.sqrt(1 - gamma), 0],
      ]),
      fromRows([
        [0, 0, Math.sqrt(gamma), 0],
        [0, 0, 0, 0],
      ]),
    ],
  });
}

/** A phase flip with probability p. */
export function phaseFlip(p: number): Channel {
  return checked({ kind: 'pauli', x: 0, y: 0, z: p });
}

/** @throws TaizhangError `invalid_argument` when probabilities are no probabilities, or ΣK†K is not 1 within 1e-9. */
export function checked(channel: Channel): Channel {
  const refuse = (message: string) => new TaizhangError('invalid_argument', message);
  if (channel.kind === 'pauli') {
    const { x, y, z } = channel;
    if (!(x >= 0 && y >= 0 && z >= 0 && x + y + z <= 1 + 1e-12))
      throw refuse(`Pauli probabilities ${x}, ${y}, ${z} are not in range.`);
    return channel;
  }
  const sum = new Float64Array(8);
  for (const operator of channel.operators) {
    if (operator.length !== 8) throw refuse('Kraus operators must be 2×2.');
    multiply(dagger(operator), operator).forEach((value, i) => {
      sum[i] = sum[i]! + value;
    });
  }
  const error = sum.reduce((worst, value, i) => Math.max(worst, Math.abs(value - (i === 0 || i === 6 ? 1 : 0))), 0);
  if (!(error < 1e-9)) throw refuse(`The Kraus operators do not sum to 1: off by ${error}.`);
  return channel;
}

/** Draws the Pauli of a Pauli channel, or null for none. */
export function drawPauli(channel: Channel & { kind: 'pauli' }, random: Random): 'x' | 'y' | 'z' | null {
  const draw = random();
  if (draw < channel.x) return 'x';
  if (draw < channel.x + channel.y) return 'y';
  return draw < channel.x + channel.y + channel.z ? 'z' : null;
}

/**
 * Picks one Kraus operator by its probability Tr(K†Kρ) on the qubit and applies it, normalised: one step of a quantum
 * trajectory (Dalibard, Castin and Mølmer, Phys. Rev. Lett. 68, 580, 1992).
 */
export function applyKraus(state: State, qubit: number, operators: readonly Matrix[], random: Random): void {
  const rho = reducedDensity(state, qubit);
  const weights = operators.map((operator) => {
    const m = multiply(dagger(operator), operator);
    return m[0]! * rho.zero + m[6]! * rho.one + 2 * (m[2]! * rho.re - m[3]! * rho.im);
  });
  let draw = random() * weights.reduce((sum, weight) => sum + weight, 0);
  let pick = weights.findIndex((weight) => {
    draw -= weight;
    return draw < 0;
  });
  if (pick < 0) pick = weights.indexOf(Math.max(...weights));
  const norm = 1 / Math.sqrt(weights[pick]!);
  state.apply({ qubits: [qubit], controls: [], matrix: operators[pick]!.map((value) => value * norm) });
}

/** ρ00, ρ11 and ρ10 of one qubit. */
export function reducedDensity(state: State, qubit: number) {
  const { amplitudes } = state;
  const run = 2 * 2 ** (state.qubitCount - 1 - qubit);
  let zero = 0;
  let one = 0;
  let re = 0;
  let im = 0;
  for (let start = 0; start < amplitudes.length; start += 2 * run)
    for (let i = start; i < start + run; i += 2) {
      const [ar, ai, br, bi] = [amplitudes[i]!, amplitudes[i + 1]!, amplitudes[i + run]!, amplitudes[i + run + 1]!];
      zero += ar * ar + ai * ai;
      one += br * br + bi * bi;
      // b·conj(a)
      re += br * ar + bi * ai;
      im += bi * ar - br * ai;
    }
  return { zero, one, re, im };
}
