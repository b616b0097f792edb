import { parseGrcs } from './grcs/parse-grcs.ts';
import type { Circuit } from './ir/circuit.ts';
import { type ParseQasmOptions, parseQasm } from './qasm/parse-qasm.ts';

/** Whether a text looks like a GRCS file: its first word is a number alone on its line. */
export function circuitFormat(text: string): 'grcs' | 'qasm' {
  return /^\uFEFF?\s*(?:#[^\n]*\n\s*)*\d+\s*(?:\n|$)/.test(text) ? 'grcs' : 'qasm';
}

/** Reads OpenQASM or GRCS, told apart by content. @throws ParseError */
export function parseCircuit(text: string, options: ParseQasmOptions = {}): Circuit {
  return circuitFormat(text) === 'grcs' ? parseGrcs(text) : parseQasm(text, options);
}
