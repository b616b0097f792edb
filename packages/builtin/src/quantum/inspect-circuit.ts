import type { QuantumFailure } from '@myriad/contracts';
import { draw, parseCircuit, plan, TaizhangError } from '@myriad/taizhang';
import { failureOf } from './run-circuit.ts';

/** What can be said of a circuit before it runs. */
export interface CircuitInspection {
  readonly qubits: number;
  readonly bits: number;
  readonly gates: number;
  /** Standalone picture; null where it would be too large to read. */
  readonly svg: string | null;
  /** Cost of one amplitude; null where there is none (resets, conditions) or nothing fits the memory. */
  readonly plan: {
    readonly log2Macs: number;
    readonly log2Size: number;
    readonly slices: number;
    readonly bytes: number;
    readonly estimatedSeconds: number;
  } | null;
  /** Bytes of a whole state vector in complex64. */
  readonly stateBytes: number;
}

export type Inspected =
  | { readonly ok: true; readonly circuit: CircuitInspection }
  | { readonly ok: false; readonly failure: QuantumFailure };

const mostDrawn = 1500;
const searchMs = 150;

/** Reads, draws and plans; nothing is run. @param maxBytes Memory that the plan may use. */
export function inspectCircuit(source: string, maxBytes: number): Inspected {
  try {
    const circuit = parseCircuit(source);
    return {
      ok: true,
      circuit: {
        qubits: circuit.qubitCount,
        bits: circuit.bitCount,
        gates: circuit.operations.filter(({ kind }) => kind === 'gate').length,
        svg: circuit.operations.length > mostDrawn ? null : draw(circuit, { wrapColumns: 40 }),
        plan: planned(() => plan(circuit, { maxBytes, searchMs, seed: 1, workers: 1 })),
        stateBytes: 8 * 2 ** circuit.qubitCount,
      },
    };
  } catch (error) {
    return { ok: false, failure: failureOf(error) };
  }
}

function planned(make: () => ReturnType<typeof plan>): CircuitInspection['plan'] {
  try {
    const { log2Macs, log2Size, slices, bytes, estimatedSeconds } = make();
    return { log2Macs, log2Size, slices, bytes, estimatedSeconds };
  } catch (error) {
    if (error instanceof TaizhangError) return null;
    throw error;
  }
}
