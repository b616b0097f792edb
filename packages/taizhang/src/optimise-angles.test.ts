import { expect, test } from 'vitest';
import { circuitOf } from './ir/circuit.ts';
import { optimiseAngles } from './optimise-angles.ts';
import { parseCircuit } from './parse-circuit.ts';
import { parsePauliSum } from './parse-pauli-sum.ts';

const head = 'OPENQASM 2.0; include "qelib1.inc";';

/** H₂ at 0.735 Å in STO-3G, parity mapping with two qubits taken off (Qiskit Nature tutorials), and its nuclei. */
const hydrogen =
  '-1.052373245772859 II + 0.39793742484318045 ZI - 0.39793742484318045 IZ - 0.01128010425623538 ZZ + 0.18093119978423156 XX + 0.7199689944489797 II';

test('[V1] H₂ goes from Hartree-Fock down to -1.137306 Ha, never up, and the circuit it gives has that mean', async () => {
  const circuit = parseCircuit(`${head} qreg q[2]; x q[0]; ry(0) q[1]; cx q[1],q[0];`);
  const result = await optimiseAngles(circuit, parsePauliSum(hydrogen, 2));
  // The Hartree-Fock and full-CI energies of STO-3G H₂ at 0.735 Å.
  expect(result.curve[0]).toBeCloseTo(-1.116999, 5);
  expect(result.value).toBeCloseTo(-1.137306, 6);
  expect(result.converged).toBe(true);
  for (const [i, value] of result.curve.entries()) if (i > 0) expect(value).toBeLessThanOrEqual(result.curve[i - 1]!);
  const again = await optimiseAngles(result.circuit, parsePauliSum(hydrogen, 2), { maxRounds: 1 });
  expect(again.curve[0]).toBeCloseTo(result.value, 12);
});

test('[V2] one angle is set to the exact minimum in one step, whatever it starts from', async () => {
  for (const start of [0, 1, -2.5]) {
    const circuit = parseCircuit(`${head} qreg q[1]; ry(${start}) q[0];`);
    // X + Z has the eigenvalues ±√2, and ry reaches both.
    const { curve, angles } = await optimiseAngles(circuit, parsePauliSum('X + Z', 1), { maxRounds: 1 });
    expect(curve[1]).toBeCloseTo(-Math.SQRT2, 12);
    expect(Math.cos(angles[0]!.value)).toBeCloseTo(-Math.SQRT1_2, 9);
  }
});

test('[V3] a circuit without a rotation is refused, and a signal stops it', async () => {
  const sum = parsePauliSum('Z', 1);
  await expect(optimiseAngles(parseCircuit(`${head} qreg q[1]; h q[0];`), sum)).rejects.toThrow(/no angle to set/);
  const stop = new AbortController();
  stop.abort();
  await expect(
    optimiseAngles(parseCircuit(`${head} qreg q[1]; rx(1) q[0];`), sum, { signal: stop.signal }),
  ).rejects.toThrow(/Aborted/);
  await expect(optimiseAngles(circuitOf(1, []), sum)).rejects.toThrow(/no angle/);
});
