import { readFile, rename, writeFile } from 'node:fs/promises';
import { amplitudeReport } from '../amplitude.ts';
import { batchReport } from '../batch.ts';
import { draw } from '../draw/draw.ts';
import { TaizhangError } from '../errors.ts';
import { openFileCheckpoint } from '../execute/file-checkpoint.ts';
import { expectation } from '../expectation.ts';
import type { Circuit } from '../ir/circuit.ts';
import { parseCircuit } from '../parse-circuit.ts';
import { parsePauliSum } from '../parse-pauli-sum.ts';
import { type Plan, plan } from '../plan.ts';
import { run } from '../run.ts';
import { sample } from '../sample.ts';
import { describeState } from '../state-vector/describe-state.ts';
import { stateVector } from '../state-vector/state-vector.ts';
import type { QuantumOptions } from './quantum-options.ts';

export const quantumVerbs = ['plan', 'amplitude', 'batch', 'state', 'sample', 'expectation', 'draw'] as const;
export type QuantumVerb = (typeof quantumVerbs)[number];

/** What surrounds a command: a way to stop it, and somebody who watches. */
export interface QuantumSurroundings {
  readonly signal?: AbortSignal;
  /** @param ratio 0 to 1. */
  readonly onProgress?: (ratio: number, detail: string) => void;
  /** Clock in ms. */
  readonly now?: () => number;
}

/** The answer as data for `--json` and as text for people. */
export interface QuantumAnswer {
  readonly data: unknown;
  readonly text: string;
}

/**
 * Runs one of the `myriad quantum` commands on the text of a circuit file.
 *
 * @throws ParseError and the other typed errors of this package.
 */
export async function quantumCommand(
  verb: QuantumVerb,
  source: string,
  options: QuantumOptions = {},
  surroundings: QuantumSurroundings = {},
): Promise<QuantumAnswer> {
  const circuit = parseCircuit(source, options.inputs === undefined ? {} : { inputs: options.inputs });
  const { signal } = surroundings;
  const stop = signal === undefined ? {} : { signal };
  switch (verb) {
    case 'plan': {
      const { contraction: _, ...shown } = planOf(circuit, options, undefined);
      return { data: shown, text: planText(shown) };
    }
    case 'amplitude':
    case 'batch':
      return contract(verb, circuit, options, surroundings);
    case 'state': {
      const state = await stateVector(circuit, { ...options, ...stop });
      const report = describeState(state, options.top);
      const lines = report.top.map(
        (s) => `${s.bitstring}  ${number(s.re)} ${imaginary(s.im)}  p = ${number(s.probability)}`,
      );
      return { data: report, text: [`${report.qubits} qubits, norm ${number(report.norm)}`, ...lines].join('\n') };
    }
    case 'sample': {
      const result = await sample(circuit, options.shots ?? 1024, options.seed ?? 1, { ...options, ...stop });
      const lines = Object.entries(result.counts)
        .slice(0, options.top ?? 32)
        .map(([key, count]) => `${key}  ${count}`);
      const rest = result.statistics.outcomes - lines.length;
      return { data: result, text: [...lines, ...(rest > 0 ? [`and ${rest} more outcomes`] : [])].join('\n') };
    }
    case 'expectation': {
      if (options.pauli === undefined)
        throw new TaizhangError('invalid_argument', 'An expectation needs a Pauli sum, such as --pauli "ZZ - 0.5 X0".');
      const result = await expectation(circuit, parsePauliSum(options.pauli, circuit.qubitCount), {
        ...options,
        ...stop,
      });
      const lines = result.terms.map(
        (term) => `${term.pauli}  ${number(term.value)}  (${term.qubits} qubits, ${term.gates} gates)`,
      );
      return { data: result, text: [number(result.value), ...lines].join('\n') };
    }
    case 'draw': {
      const svg = draw(circuit, options.wrap === undefined ? {} : { wrapColumns: options.wrap });
      return { data: { svg }, text: svg };
    }
  }
}

async function contract(
  verb: 'amplitude' | 'batch',
  circuit: Circuit,
  options: QuantumOptions,
  { signal, onProgress, now = () => performance.now() }: QuantumSurroundings,
): Promise<QuantumAnswer> {
  const started = now();
  const made = await keptPlan(verb, circuit, options);
  const checkpoint = options.checkpoint === undefined ? undefined : await openFileCheckpoint(options.checkpoint);
  try {
    const result = await run(made, {
      ...(options.workers === undefined ? {} : { workers: options.workers }),
      ...(signal === undefined ? {} : { signal }),
      ...(checkpoint === undefined ? {} : { checkpoint }),
      onProgress: ({ fraction, remainingMs, slicesDone, slices }) => {
        const left = remainingMs === null ? '' : `, ${Math.ceil(remainingMs / 1000)} s left`;
        onProgress?.(fraction, `${slicesDone} of ${slices} slices${left}`);
      },
    });
    const seconds = (now() - started) / 1000;
    if (verb === 'batch') {
      const report = batchReport(made, result, seconds);
      return {
        data: report,
        text: report.amplitudes.map((a) => `${a.bitstring}  ${number(a.re)} ${imaginary(a.im)}`).join('\n'),
      };
    }
    const report = amplitudeReport(made, result, seconds);
    return {
      data: report,
      text: [
        `${number(report.re)} ${imaginary(report.im)}`,
        `probability ${number(report.probability)}, fidelity ${number(report.fidelity)}`,
        `2^${made.log2Macs} multiply-adds in ${made.slices} slices, ${seconds.toFixed(1)} s`,
      ].join('\n'),
    };
  } finally {
    await checkpoint?.close();
  }
}

function planOf(circuit: Circuit, options: QuantumOptions, target: 'amplitude' | 'batch' | undefined): Plan {
  return plan(circuit, {
    ...(options.bitstring === undefined ? {} : { bitstring: options.bitstring }),
    ...(target === undefined ? {} : { target }),
    ...(options.precision === undefined ? {} : { precision: options.precision }),
    ...(options.maxBytes === undefined ? {} : { maxBytes: options.maxBytes }),
    ...(options.searchMs === undefined ? {} : { searchMs: options.searchMs }),
    ...(options.workers === undefined ? {} : { workers: options.workers }),
    ...(options.seed === undefined ? {} : { seed: options.seed }),
  });
}

/** With a checkpoint, the plan found first is kept beside it and used again: slices of another plan would be worth nothing. */
async function keptPlan(verb: 'amplitude' | 'batch', circuit: Circuit, options: QuantumOptions): Promise<Plan> {
  if (options.checkpoint === undefined) return planOf(circuit, options, verb);
  const path = `${options.checkpoint}.plan.json`;
  const identity = JSON.stringify([
    circuit.operations,
    circuit.qubitCount,
    options.bitstring ?? '',
    options.precision ?? 64,
  ]);
  const old = await readFile(path, 'utf8').then(
    (text) => JSON.parse(text) as { identity: string; plan: Plan },
    () => null,
  );
  if (old !== null) {
    if (old.identity !== identity)
      throw new TaizhangError(
        'checkpoint_mismatch',
        `The checkpoint ${options.checkpoint} belongs to another request.`,
      );
    return old.plan;
  }
  const made = planOf(circuit, options, verb);
  await writeFile(`${path}.tmp`, JSON.stringify({ identity, plan: made }));
  await rename(`${path}.tmp`, path);
  return made;
}

const number = (value: number) => String(Number(value.toPrecision(9)));
const imaginary = (value: number) => `${value < 0 ? '-' : '+'} ${number(Math.abs(value))}i`;

function planText(shown: Omit<Plan, 'contraction'>): string {
  return [
    `${shown.target} of ${shown.qubitCount} qubits in complex${shown.precision}`,
    `2^${shown.log2Macs} multiply-adds in ${shown.slices} slices; largest tensor 2^${shown.log2Size}`,
    `${(shown.bytes / 2 ** 20).toFixed(0)} MiB with ${shown.workers} workers; about ${shown.estimatedSeconds} s`,
  ].join('\n');
}
