import type { QuantumFailure } from '@myriad/contracts';
import { parseCircuit } from '@myriad/taizhang';
import { failureOf } from './run-circuit.ts';

/** A circuit found in a model's answer, and the words around it. */
export interface AnsweredCircuit {
  readonly source: string | null;
  readonly text: string;
}

const fence = /```[ \t]*(?:open)?qasm[^\n]*\n([\s\S]*?)(?:```|$)/gi;
const anyFence = /```[^\n]*\n\s*(OPENQASM[\s\S]*?)(?:```|$)/g;

/** The last fenced circuit of an answer; an answer that is nothing but a circuit counts as one. */
export function circuitInAnswer(answer: string): AnsweredCircuit {
  for (const pattern of [fence, anyFence]) {
    const found = [...answer.matchAll(pattern)].at(-1);
    if (found !== undefined)
      return {
        source: `${found[1]!.trim()}\n`,
        text: answer
          .replace(found[0], '')
          .replace(/\n{3,}/g, '\n\n')
          .trim(),
      };
  }
  const whole = answer.trim();
  return /^(?:\/\/[^\n]*\s*)*OPENQASM\b/.test(whole)
    ? { source: `${whole}\n`, text: '' }
    : { source: null, text: whole };
}

/** Most operations that a written circuit may expand to: reading it must not hold up a node. */
const maxOperations = 20_000;
const maxQubits = 1024;

/** Why a circuit cannot be read, or null when it can. Nothing is run. */
export function circuitFault(source: string): QuantumFailure | null {
  try {
    parseCircuit(source, { maxOperations, maxQubits });
    return null;
  } catch (error) {
    return failureOf(error);
  }
}
