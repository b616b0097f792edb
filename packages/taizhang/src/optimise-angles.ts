import { AbortedError, BudgetExceededError, TaizhangError } from './errors.ts';
import { type ExpectationOptions, expectation, type PauliTerm } from './expectation.ts';
import type { Circuit, GateOperation } from './ir/circuit.ts';
import { unitaryPart } from './ir/unitary-part.ts';

export interface OptimiseOptions extends ExpectationOptions {
  /** Most rounds over all angles; 100 when left out. */
  readonly maxRounds?: number;
  /** Ends when a whole round lowers the mean by less; 1e-8 when left out. */
  readonly tolerance?: number;
  readonly signal?: AbortSignal;
  readonly onStep?: (step: { readonly step: number; readonly value: number; readonly round: number }) => void;
}

export interface OptimiseResult {
  /** Lowest mean found. */
  readonly value: number;
  /** The mean at the start, and after each angle that was set. */
  readonly curve: readonly number[];
  readonly angles: readonly { readonly gate: string; readonly qubits: readonly number[]; readonly value: number }[];
  /** Means that were computed. */
  readonly evaluations: number;
  readonly rounds: number;
  /** Whether the last round changed less than the tolerance. */
  readonly converged: boolean;
  /** The circuit with the angles found. */
  readonly circuit: Circuit;
}

/** exp(-iθP/2) for a P with P² = 1: only of these is a mean a plain sine of the angle. */
const rotations = new Set(['rx', 'ry', 'rz', 'rxx', 'ryy', 'rzz']);
const mostAngles = 256;

/**
 * Lowers the mean of a Pauli sum by setting the angle of every rotation (rx, ry, rz, rxx, ryy, rzz without controls) in
 * turn to where the mean is least with the others held still. As a function of one angle the mean is a sine, so three
 * values give that place exactly: Rotosolve (Ostaszewski, Grant and Benedetti, arXiv 1905.09692, equation 7). It starts
 * from the angles as written, and may end in a local minimum.
 *
 * @throws TaizhangError `invalid_argument` without a rotation. @throws AbortedError. @throws UnsupportedGateError.
 */
export async function optimiseAngles(
  circuit: Circuit,
  sum: readonly PauliTerm[],
  options: OptimiseOptions = {},
): Promise<OptimiseResult> {
  unitaryPart(circuit);
  const places = circuit.operations.flatMap((operation, at) =>
    operation.kind === 'gate' && operation.controls.length === 0 && rotations.has(operation.gate) ? [at] : [],
  );
  if (places.length === 0)
    throw new TaizhangError(
      'invalid_argument',
      `There is no angle to set: the circuit has none of the gates ${[...rotations].join(', ')}.`,
    );
  if (places.length > mostAngles) throw new BudgetExceededError('The circuit', places.length, mostAngles, 'angles');
  const { maxRounds = 100, tolerance = 1e-8, signal, onStep, ...how } = options;
  const operations = [...circuit.operations];
  const angleAt = (place: number) => (operations[place] as GateOperation).parameters[0]!;
  const set = (place: number, angle: number) => {
    operations[place] = { ...(operations[place] as GateOperation), parameters: [angle] };
  };
  let evaluations = 0;
  const mean = async () => {
    if (signal?.aborted) throw new AbortedError(curve.length - 1, maxRounds * places.length, 'gates');
    evaluations++;
    return (await expectation({ ...circuit, operations }, sum, how)).value;
  };
  const curve: number[] = [];
  curve.push(await mean());
  let rounds = 0;
  let converged = false;
  while (!converged && rounds < maxRounds) {
    const before = curve.at(-1)!;
    for (const place of places) {
      const angle = angleAt(place);
      const here = curve.at(-1)!;
      set(place, angle + Math.PI / 2);
      const above = await mean();
      set(place, angle - Math.PI / 2);
      const below = await mean();
      const shift = -Math.PI / 2 - Math.atan2(2 * here - above - below, above - below);
      set(place, wrapped(angle + shift));
      const value = await mean();
      // Where the mean is flat, rounding could only raise it: the angle stays.
      if (value > here) set(place, angle);
      curve.push(Math.min(value, here));
      onStep?.({ step: curve.length - 1, value: curve.at(-1)!, round: rounds });
    }
    rounds++;
    converged = before - curve.at(-1)! < tolerance;
  }
  return {
    value: curve.at(-1)!,
    curve,
    angles: places.map((place) => {
      const { gate, qubits } = operations[place] as GateOperation;
      return { gate, qubits, value: angleAt(place) };
    }),
    evaluations,
    rounds,
    converged,
    circuit: { ...circuit, operations },
  };
}

/** The same rotation up to a sign of the whole state, between -π and π. */
function wrapped(angle: number): number {
  return angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
}
