import type { HouseTool } from '@myriad/apps';
import { MyriadError, type QuantumRequest, type QuantumWhat } from '@myriad/contracts';
import type { QuantumDesk } from './quantum-desk.ts';

const limits = { maxBytes: 2 ** 28, maxSeconds: 20, maxQubits: 64 };
const sourceCharacters = 100_000;
const shownOutcomes = 16;
const whats: readonly QuantumWhat[] = ['measure', 'amplitude', 'expectation'];

/** `quantum_run`: lets an app's model run a circuit, in a worker thread and within tight limits. */
export function quantumTool(desk: Pick<QuantumDesk, 'finish'>): HouseTool {
  let calls = 0;
  return {
    definition: {
      name: 'quantum_run',
      description: `Checks and runs a quantum circuit on an exact simulator: at most ${limits.maxQubits} qubits and ${limits.maxSeconds} s. Faults come back with line and column; correct them and call again.`,
      parameters: {
        type: 'object',
        properties: {
          source: { type: 'string', description: 'The circuit in OpenQASM 2 or 3, beginning with OPENQASM.' },
          what: {
            type: 'string',
            enum: whats,
            description:
              'measure: counts of shots and the state; amplitude: of one bit string; expectation: of a Pauli sum.',
          },
          shots: { type: 'integer', minimum: 1, maximum: 100_000 },
          seed: { type: 'integer', minimum: 0 },
          bitstring: { type: 'string', description: 'For amplitude: 0 or 1 a qubit, qubit 0 first.' },
          pauli: { type: 'string', description: 'For expectation: such as Z0 Z1 - 0.5 X0.' },
        },
        required: ['source'],
        additionalProperties: false,
      },
    },
    async call(args, signal) {
      calls += 1;
      const result = await desk.finish(requestOf(args), `tool:${calls}`, signal);
      if (result.what !== 'measure') return JSON.stringify(result);
      const { counts, state, ...rest } = result;
      const top = state?.top.slice(0, shownOutcomes) ?? null;
      return JSON.stringify({ ...rest, counts: counts.slice(0, shownOutcomes), state: top });
    },
  };
}

/** A model's words are anybody's words: checked here, whatever the schema said. */
function requestOf(args: Readonly<Record<string, unknown>>): QuantumRequest {
  const { source, what = 'measure', shots, seed, bitstring, pauli } = args;
  if (typeof source !== 'string' || source.length > sourceCharacters)
    throw new MyriadError('invalid_request', `source: expected a circuit of at most ${sourceCharacters} characters.`);
  const found = whats.find((each) => each === what);
  if (!found) throw new MyriadError('invalid_request', `what: expected one of ${whats.join(', ')}.`);
  const whole = (name: string, value: unknown, least: number, most: number) => {
    if (value === undefined) return undefined;
    if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most) return value as number;
    throw new MyriadError('invalid_request', `${name}: expected a whole number from ${least} to ${most}.`);
  };
  return {
    source,
    what: found,
    shots: whole('shots', shots, 1, 100_000),
    seed: whole('seed', seed, 0, 2 ** 32 - 1),
    bitstring: typeof bitstring === 'string' ? bitstring : undefined,
    pauli: typeof pauli === 'string' ? pauli : undefined,
    limits,
  };
}
