import type { Circuit, Operation } from '../ir/circuit.ts';

/** An operation in its column; wires count qubits first, then classical registers. */
export interface PlacedOperation {
  readonly operation: Operation;
  readonly column: number;
  readonly top: number;
  readonly bottom: number;
}

/** Puts each operation in the first column where its span of wires is free. */
export function layoutColumns(circuit: Circuit): { placed: PlacedOperation[]; columns: number } {
  const wires = circuit.qubitCount + circuit.bitRegisters.length;
  const free = new Int32Array(wires);
  const registerWire = (bit: number) =>
    circuit.qubitCount + circuit.bitRegisters.findIndex(({ start, size }) => bit >= start && bit < start + size);
  const placed: PlacedOperation[] = [];
  let columns = 0;
  for (const operation of circuit.operations) {
    const touched: number[] = [];
    if (operation.kind === 'gate') touched.push(...operation.controls, ...operation.qubits);
    else if (operation.kind === 'barrier') touched.push(...operation.qubits);
    else touched.push(operation.qubit);
    if (operation.kind === 'measure') touched.push(registerWire(operation.bit));
    if (operation.kind !== 'barrier')
      for (const condition of operation.conditions ?? []) touched.push(...condition.bits.map(registerWire));
    if (touched.length === 0) continue;
    const top = Math.min(...touched);
    const bottom = Math.max(...touched);
    let column = 0;
    for (let wire = top; wire <= bottom; wire++) column = Math.max(column, free[wire]!);
    free.fill(column + 1, top, bottom + 1);
    columns = Math.max(columns, column + 1);
    placed.push({ operation, column, top, bottom });
  }
  return { placed, columns };
}
