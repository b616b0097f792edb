import { AbortedError } from '../errors.ts';
import { breather } from '../ir/breather.ts';
import { type Circuit, conditionsHold, type GateOperation, gateOperation, type Operation } from '../ir/circuit.ts';
import type { Random } from '../ir/random.ts';
import { applyKraus, type Channel, checked, drawPauli, type NoiseModel } from './noise.ts';
import { createState, drawShots, type State, type StateOptions } from './state.ts';
import { fuseForState } from './state-vector.ts';

/** Called for each group of equal shots with the classical bits (or all qubits, when nothing is measured). */
export type CountShots = (bits: Uint8Array, shots: number) => void;

/**
 * Shots of any circuit, mid-circuit measurements, resets and conditions included. At a measurement the shots part by the
 * outcome's probability and each branch goes on once for all of its shots.
 */
export async function sampleBranches(
  circuit: Circuit,
  shots: number,
  random: Random,
  options: StateOptions & { readonly signal?: AbortSignal },
  count: CountShots,
): Promise<void> {
  const state = createState(circuit.qubitCount, options);
  const { operations } = circuit;
  const tail = tailStart(circuit);
  const breathe = breather(options.signal, () => new AbortedError(0, shots, 'shots'));
  const go = async (start: number, bits: Uint8Array, howMany: number): Promise<void> => {
    let pending: GateOperation[] = [];
    const flush = async () => {
      await applyAll(state, pending, breathe);
      pending = [];
    };
    for (let at = start; at < tail; at++) {
      const operation = operations[at]!;
      if (operation.kind === 'barrier' || !conditionsHold(operation.conditions, bits)) continue;
      if (operation.kind === 'gate') {
        pending.push(operation);
        continue;
      }
      await flush();
      const norm = state.norm();
      const p = state.probabilityOfOne(operation.qubit) / norm;
      let ones = 0;
      for (let i = 0; i < howMany; i++) if (random() < p) ones++;
      const settle = (bit: 0 | 1) => {
        state.collapse(operation.qubit, bit);
        if (operation.kind === 'measure') bits[operation.bit] = bit;
        else if (bit === 1) state.flip(operation.qubit);
      };
      if (ones > 0 && ones < howMany) {
        const saved = state.amplitudes.slice();
        const savedBits = bits.slice();
        settle(1);
        await go(at + 1, bits, ones);
        state.amplitudes.set(saved);
        bits.set(savedBits);
        settle(0);
        howMany -= ones;
      } else settle(ones > 0 ? 1 : 0);
    }
    await flush();
    drawTail(circuit, operations.slice(tail), state, bits, howMany, random, count);
  };
  await go(0, new Uint8Array(circuit.bitCount), shots);
}

/** Shots under noise: every shot is a trajectory of its own. */
export async function sampleTrajectories(
  circuit: Circuit,
  shots: number,
  random: Random,
  noise: NoiseModel,
  options: StateOptions & { readonly signal?: AbortSignal },
  count: CountShots,
): Promise<void> {
  for (const channel of [noise.oneQubit, noise.moreQubits, ...Object.values(noise.gates ?? {})])
    if (channel !== undefined) checked(channel);
  const state = createState(circuit.qubitCount, options);
  const tail = tailStart(circuit);
  let shot = 0;
  const breathe = breather(options.signal, () => new AbortedError(shot, shots, 'shots'));
  for (; shot < shots; shot++) {
    await breathe();
    state.amplitudes.fill(0);
    state.amplitudes[0] = 1;
    const bits = new Uint8Array(circuit.bitCount);
    let pending: GateOperation[] = [];
    const flush = async () => {
      await applyAll(state, pending, breathe);
      pending = [];
    };
    for (const operation of circuit.operations.slice(0, tail)) {
      if (operation.kind === 'barrier' || !conditionsHold(operation.conditions, bits)) continue;
      if (operation.kind === 'gate') {
        pending.push(operation);
        const qubits = [...operation.controls, ...operation.qubits];
        const channel = channelOf(noise, operation.gate, qubits.length);
        if (channel === undefined) continue;
        for (const qubit of qubits) {
          if (channel.kind === 'pauli') {
            const pauli = drawPauli(channel, random);
            if (pauli !== null) pending.push(gateOperation(pauli, [qubit]));
          } else {
            await flush();
            applyKraus(state, qubit, channel.operators, random);
          }
        }
        continue;
      }
      await flush();
      const bit = random() < state.probabilityOfOne(operation.qubit) / state.norm() ? 1 : 0;
      state.collapse(operation.qubit, bit);
      if (operation.kind === 'reset') {
        if (bit === 1) state.flip(operation.qubit);
      } else bits[operation.bit] = misread(bit, noise, random);
    }
    await flush();
    const read: CountShots = (drawn, howMany) => {
      const flip = noise.readoutFlip ?? 0;
      const finals = circuit.operations.slice(tail);
      const places =
        circuit.bitCount > 0
          ? finals.flatMap((operation) => (operation.kind === 'measure' ? [operation.bit] : []))
          : [...drawn.keys()];
      if (flip > 0) for (const place of new Set(places)) drawn[place] = misread(drawn[place] as 0 | 1, noise, random);
      count(drawn, howMany);
    };
    drawTail(circuit, circuit.operations.slice(tail), state, bits, 1, random, read);
  }
}

function misread(bit: 0 | 1, noise: NoiseModel, random: Random): 0 | 1 {
  return noise.readoutFlip !== undefined && random() < noise.readoutFlip ? ((1 - bit) as 0 | 1) : bit;
}

function channelOf(noise: NoiseModel, gate: string, qubits: number): Channel | undefined {
  return noise.gates?.[gate] ?? (qubits === 1 ? noise.oneQubit : qubits > 1 ? noise.moreQubits : undefined);
}

async function applyAll(
  state: State,
  gates: readonly GateOperation[],
  breathe: () => Promise<void> | undefined,
): Promise<void> {
  for (const gate of fuseForState(state.qubitCount, gates)) {
    await breathe();
    state.apply(gate);
  }
}

/** Where the last run of unconditional measurements starts: those are drawn all at once. */
export function tailStart(circuit: Circuit): number {
  const { operations } = circuit;
  let at = operations.length;
  const plain = (operation: Operation) =>
    operation.kind === 'barrier' || (operation.kind === 'measure' && (operation.conditions?.length ?? 0) === 0);
  while (at > 0 && plain(operations[at - 1]!)) at--;
  return at;
}

function drawTail(
  circuit: Circuit,
  tail: readonly Operation[],
  state: State,
  bits: Uint8Array,
  shots: number,
  random: Random,
  count: CountShots,
): void {
  const n = circuit.qubitCount;
  for (const [index, howMany] of drawShots(state, shots, random)) {
    const bitOf = (qubit: number) => Math.floor(index / 2 ** (n - 1 - qubit)) % 2;
    if (circuit.bitCount === 0) {
      count(
        Uint8Array.from({ length: n }, (_, qubit) => bitOf(qubit)),
        howMany,
      );
      continue;
    }
    const out = bits.slice();
    for (const operation of tail) if (operation.kind === 'measure') out[operation.bit] = bitOf(operation.qubit);
    count(out, howMany);
  }
}
