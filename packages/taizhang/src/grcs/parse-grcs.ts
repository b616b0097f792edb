import { ParseError } from '../errors.ts';
import { type Circuit, circuitOf, gateOperation, type Operation } from '../ir/circuit.ts';
import { gateTable } from '../ir/gate-table.ts';
import { nearestWord } from '../ir/nearest-word.ts';

const maxQubits = 100_000;
/** Names of the set, and of qsim's files in the same form, for gates that the table calls otherwise. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ['is', 'iswap'],
  ['cnot', 'cx'],
  ['sw', 'swap'],
  ['id1', 'id'],
]);

/**
 * Reads a circuit file of Google's random circuit sampling set (github.com/sboixo/GRCS), `cz_v2` and `is_v1`: the qubit
 * count on the first line, then one `cycle gate qubit…` a line. Parameters may stand behind a name in brackets, as in
 * `rz(0.5)`, or behind the qubits, as qsim writes them.
 *
 * @throws ParseError with the line and column.
 */
export function parseGrcs(text: string): Circuit {
  const lines = text.split(/\r?\n/);
  const operations: Operation[] = [];
  let qubitCount = -1;
  lines.forEach((raw, index) => {
    const words = [...raw.replace(/#.*/, '').matchAll(/\S+/g)];
    if (words.length === 0) return;
    const at = (word: number) => ({ line: index + 1, column: (words[word]?.index ?? raw.length) + 1 });
    if (qubitCount < 0) {
      qubitCount = wholeNumber(words[0]![0], at(0), 'the number of qubits');
      if (qubitCount < 1 || qubitCount > maxQubits)
        throw new ParseError(`${qubitCount} qubits`, at(0), { expected: [`1 to ${maxQubits}`] });
      if (words.length > 1) throw new ParseError(`unexpected "${words[1]![0]}"`, at(1), { expected: ['a new line'] });
      return;
    }
    wholeNumber(words[0]![0], at(0), 'a cycle number');
    if (words.length < 2) throw new ParseError('a line without a gate', at(1), { expected: ['a gate name'] });
    const [, written = '', list] = /^([A-Za-z_]\w*)(?:\(([^)]*)\))?$/.exec(words[1]![0]) ?? [];
    const name = otherNames.get(written) ?? written;
    const definition = gateTable.get(name);
    if (definition === undefined)
      throw new ParseError(`unknown gate "${words[1]![0]}"`, at(1), {
        suggestion: nearestWord(name, [...gateTable.keys(), ...otherNames.keys()]),
      });
    const behind = list === undefined && definition.parameters > 0 ? words.splice(2 + definition.qubits) : [];
    const parameters = (list?.split(',') ?? behind.map(([word]) => word)).map((word) =>
      word.trim() === '' ? Number.NaN : Number(word),
    );
    if (parameters.length !== definition.parameters || parameters.some((value) => !Number.isFinite(value)))
      throw new ParseError(`gate "${written}" takes ${definition.parameters} parameters`, at(1));
    if (words.length - 2 !== definition.qubits)
      throw new ParseError(
        `gate "${written}" acts on ${definition.qubits} qubits, not ${words.length - 2}`,
        at(Math.min(words.length, definition.qubits + 2)),
      );
    const qubits = words.slice(2).map((word, i) => {
      const qubit = wholeNumber(word[0], at(i + 2), 'a qubit');
      if (qubit >= qubitCount)
        throw new ParseError(`qubit ${qubit} is outside the circuit`, at(i + 2), {
          expected: [`0 to ${qubitCount - 1}`],
        });
      return qubit;
    });
    if (new Set(qubits).size !== qubits.length) throw new ParseError('a qubit stands twice in one gate', at(3));
    operations.push(gateOperation(name, qubits, parameters));
  });
  if (qubitCount < 0) throw new ParseError('an empty text', { line: 1, column: 1 }, { expected: ['a qubit count'] });
  return circuitOf(qubitCount, operations);
}

function wholeNumber(word: string, at: { line: number; column: number }, what: string): number {
  if (!/^\d{1,9}$/.test(word)) throw new ParseError(`"${word}" is not a whole number`, at, { expected: [what] });
  return Number(word);
}
