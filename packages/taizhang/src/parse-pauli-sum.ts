import { ParseError } from './errors.ts';
import type { PauliTerm } from './expectation.ts';

/**
 * Reads a Pauli sum such as `0.5*ZZI - 1.2 XXI + IIZ` (one letter a qubit, qubit 0 first) or `Z0 Z1 - 0.5 X3` (letter and
 * qubit; the rest is the identity).
 *
 * @throws ParseError with the column.
 */
export function parsePauliSum(text: string, qubitCount: number): PauliTerm[] {
  const terms: PauliTerm[] = [];
  const term = /\s*([+-])?\s*(?:(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)\s*\*?\s*)?((?:[IXYZ]\d*\s*)+)/y;
  while (term.lastIndex < text.length) {
    const start = term.lastIndex;
    if (text.slice(start).trim() === '') break;
    const at = (offset: number) => ({ line: 1, column: offset + 1 });
    const match = term.exec(text);
    if (match === null || (terms.length > 0 && match[1] === undefined))
      throw new ParseError(`"${text.slice(start, start + 20).trim()}" is not a Pauli term`, at(start), {
        expected: ['a term such as 0.5*ZZI or - X0 X1'],
      });
    const coefficient = (match[1] === '-' ? -1 : 1) * (match[2] === undefined ? 1 : Number(match[2]));
    const letters = match[3]!.replace(/\s+/g, '');
    let pauli = letters;
    if (/\d/.test(letters)) {
      const line = new Array<string>(qubitCount).fill('I');
      for (const [, letter, index] of letters.matchAll(/([IXYZ])(\d*)/g)) {
        const qubit = index === '' ? Number.NaN : Number(index);
        if (!(qubit < qubitCount))
          throw new ParseError(`"${letter}${index}" names no qubit`, at(start), {
            expected: [`0 to ${qubitCount - 1}`],
          });
        if (line[qubit] !== 'I') throw new ParseError(`qubit ${qubit} stands twice in one term`, at(start));
        line[qubit] = letter!;
      }
      pauli = line.join('');
    } else if (letters.length !== qubitCount)
      throw new ParseError(`a term of ${letters.length} letters`, at(start), { expected: [`${qubitCount} letters`] });
    terms.push({ coefficient, pauli });
  }
  if (terms.length === 0) throw new ParseError('an empty Pauli sum', { line: 1, column: 1 });
  return terms;
}
