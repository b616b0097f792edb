/** Classical test before an operation: the bits, lowest first, read as a number, equal (or not) to `value`. */
export interface Condition {
  readonly bits: readonly number[];
  readonly value: number;
  readonly equal: boolean;
}

/**
 * A unitary. `qubits` are those of the named gate (see `gateTable`); `controls` are further qubits that must all be 1.
 * `matrix` is there only for the gate named `unitary`: row-major, re and im in turn, first qubit = highest bit of the index.
 */
export interface GateOperation {
  readonly kind: 'gate';
  readonly gate: string;
  readonly parameters: readonly number[];
  readonly qubits: readonly number[];
  readonly controls: readonly number[];
  readonly matrix?: readonly number[];
  readonly conditions?: readonly Condition[];
}

export interface MeasureOperation {
  readonly kind: 'measure';
  readonly qubit: number;
  readonly bit: number;
  readonly conditions?: readonly Condition[];
}

export interface ResetOperation {
  readonly kind: 'reset';
  readonly qubit: number;
  readonly conditions?: readonly Condition[];
}

export interface BarrierOperation {
  readonly kind: 'barrier';
  readonly qubits: readonly number[];
}

export type Operation = GateOperation | MeasureOperation | ResetOperation | BarrierOperation;

/** A named run of qubits or classical bits, as the source declared it. */
export interface Register {
  readonly name: string;
  readonly start: number;
  readonly size: number;
}

/** A circuit in plain data: what every engine reads. All qubits start as |0>, all bits as 0. */
export interface Circuit {
  readonly qubitCount: number;
  readonly bitCount: number;
  readonly qubitRegisters: readonly Register[];
  readonly bitRegisters: readonly Register[];
  readonly operations: readonly Operation[];
}

/** Shorthand for a gate operation without conditions. */
export function gateOperation(
  gate: string,
  qubits: readonly number[],
  parameters: readonly number[] = [],
  controls: readonly number[] = [],
): GateOperation {
  return { kind: 'gate', gate, parameters, qubits, controls };
}

/** A circuit over one register `q` (and one register `c` when there are bits). */
export function circuitOf(qubitCount: number, operations: readonly Operation[], bitCount = 0): Circuit {
  return {
    qubitCount,
    bitCount,
    qubitRegisters: [{ name: 'q', start: 0, size: qubitCount }],
    bitRegisters: bitCount > 0 ? [{ name: 'c', start: 0, size: bitCount }] : [],
    operations,
  };
}

/** Whether every condition holds for the given bits. */
export function conditionsHold(conditions: readonly Condition[] | undefined, bits: ArrayLike<number>): boolean {
  if (conditions === undefined) return true;
  return conditions.every(({ bits: tested, value, equal }) => {
    let rest = value;
    let same = true;
    for (const bit of tested) {
      if (rest % 2 !== bits[bit]) same = false;
      rest = Math.floor(rest / 2);
    }
    return (same && rest === 0) === equal;
  });
}
