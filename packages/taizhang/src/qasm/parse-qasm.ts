import { ParseError } from '../errors.ts';
import type { Circuit, Condition, Operation, Register } from '../ir/circuit.ts';
import { nearestWord } from '../ir/nearest-word.ts';
import { readCondition } from './condition.ts';
import { evaluateExpression } from './evaluate-expression.ts';
import { gateCalls, type KnownGate, tableGate } from './gate-calls.ts';
import { type Operand, readOperand } from './operand.ts';
import { type Binding, qasmScope } from './qasm-scope.ts';
import { composedGates, includes, redefinableGates } from './standard-gates.ts';
import { shown, type TokenCursor, tokenCursor } from './token-cursor.ts';
import { type Token, tokenize } from './tokenize.ts';

export interface ParseQasmOptions {
  /** Values of OpenQASM 3 `input` parameters. */
  readonly inputs?: Readonly<Record<string, number>>;
  /** Most operations and loop turns that the text may expand to; 1,000,000 when left out. */
  readonly maxOperations?: number;
  /** Most qubits; 100,000 when left out. */
  readonly maxQubits?: number;
}

const keywords =
  'OPENQASM include qreg creg qubit bit gate opaque measure reset barrier if for const input let int uint float angle bool gphase'.split(
    ' ',
  );
const numberTypes = new Set(['int', 'uint', 'float', 'angle', 'bool']);
const notHere = new Set(
  'def defcal cal defcalgrammar extern while switch box delay duration stretch output return break continue end array complex'.split(
    ' ',
  ),
);

/**
 * Reads OpenQASM 2 (arXiv 1707.03429), whole, and of OpenQASM 3: qubits and arrays of them, bits, gate definitions,
 * `for` over ranges and sets, the modifiers ctrl, negctrl, inv and pow, gphase, constants, `input` numbers given as an
 * option, aliases, measurement by assignment, and `if`/`else` on bits. Gates are expanded to those of the gate table.
 *
 * @throws ParseError with line and column, what was expected, and the nearest known word.
 */
export function parseQasm(text: string, options: ParseQasmOptions = {}): Circuit {
  const maxOperations = options.maxOperations ?? 1_000_000;
  const maxQubits = options.maxQubits ?? 100_000;
  const scope = qasmScope();
  let workDone = 0;
  const work = (token: Token, amount = 1) => {
    workDone += amount;
    if (!(workDone <= maxOperations))
      throw new ParseError(`the circuit expands to more than ${maxOperations} operations`, token);
  };
  const calls = gateCalls(scope, work);
  const builtIns: readonly [string, string][] = [
    ['U', 'U'],
    ['CX', 'CX'],
    ['gphase', 'gphase'],
  ];
  for (const [name, table] of builtIns) calls.gates.set(name, tableGate(table));

  /** Gates that came by an include and that the text has not defined itself. */
  const included = new Set<string>();
  const operations: Operation[] = [];
  const qubitRegisters: Register[] = [];
  const bitRegisters: Register[] = [];
  let qubitCount = 0;
  let bitCount = 0;
  let depth = 0;
  let conditions: readonly Condition[] = [];
  const cursor = tokenCursor(tokenize(text));
  const emit = (operation: Operation) => {
    operations.push(conditions.length > 0 && operation.kind !== 'barrier' ? { ...operation, conditions } : operation);
  };
  const number = (what: string): number => {
    const token = cursor.peek();
    const value = evaluateExpression(cursor, scope);
    if (!Number.isFinite(value)) throw new ParseError(`${what} is not a finite number`, token);
    return value;
  };
  const wholeNumber = (what: string, least: number, most: number): number => {
    const token = cursor.peek();
    const value = number(what);
    if (!Number.isInteger(value) || value < least || value > most)
      throw new ParseError(`${what} ${value}`, token, { expected: [`a whole number from ${least} to ${most}`] });
    return value;
  };
  const operand = (kind: 'qubits' | 'bits'): Operand => readOperand(cursor, scope, kind);

  const declareQubits = (token: Token, size: number, array: boolean) => {
    if (depth > 0) throw new ParseError('qubits must be declared outside of blocks', token);
    if (qubitCount + size > maxQubits) throw new ParseError(`more than ${maxQubits} qubits`, token);
    scope.declare(token, { kind: 'qubits', indices: range(qubitCount, size), array });
    qubitRegisters.push({ name: token.text, start: qubitCount, size });
    qubitCount += size;
  };
  const declareBits = (token: Token, size: number, array: boolean): Operand => {
    if (bitCount + size > maxQubits) throw new ParseError(`more than ${maxQubits} bits`, token);
    const binding: Binding = { kind: 'bits', indices: range(bitCount, size), array };
    scope.declare(token, binding);
    bitRegisters.push({ name: token.text, start: bitCount, size });
    bitCount += size;
    return { indices: binding.indices, array, token };
  };
  const size = (): number => {
    const value = wholeNumber('a size', 1, maxQubits);
    cursor.expect(']');
    return value;
  };

  const measureInto = (source: Operand, target: Operand) => {
    if (source.indices.length !== target.indices.length)
      throw new ParseError(
        `${source.indices.length} qubits are measured into ${target.indices.length} bits`,
        target.token,
      );
    work(source.token, source.indices.length);
    source.indices.forEach((qubit, i) => {
      emit({ kind: 'measure', qubit, bit: target.indices[i]! });
    });
  };
  const measureStatement = () => {
    const token = cursor.expect('measure');
    const source = operand('qubits');
    if (cursor.accept('->')) measureInto(source, operand('bits'));
    else {
      // A result that is thrown away still collapses the state: it goes to bits that nobody reads.
      const name = { ...token, text: `_discarded${bitCount}` };
      measureInto(source, declareBits(name, source.indices.length, true));
    }
    cursor.expect(';');
  };

  const gateStatement = () => {
    const modifiers = calls.modifiers(cursor);
    const token = cursor.identifier('a statement');
    if (modifiers.length === 0 && notHere.has(token.text))
      throw new ParseError(`"${token.text}" is not part of the supported OpenQASM 3 subset`, token);
    const binding = scope.find(token.text);
    if (binding !== undefined && !calls.gates.has(token.text)) {
      if (modifiers.length > 0) throw new ParseError(`"${token.text}" is not a gate`, token);
      return assignment(token, binding);
    }
    if (!calls.gates.has(token.text) && !/^[("'[{;]?/.test(cursor.peek().text)) throw calls.find(token);
    let gate: KnownGate;
    try {
      gate = calls.find(token);
    } catch (error) {
      const keyword = nearestWord(token.text, keywords);
      if (error instanceof ParseError && error.suggestion === null && keyword !== null)
        throw new ParseError(`unknown statement or gate "${token.text}"`, token, { suggestion: keyword });
      throw error;
    }
    const parameters = calls.parameterList(cursor);
    const operands: Operand[] = [];
    if (cursor.peek().text !== ';')
      do operands.push(operand('qubits'));
      while (cursor.accept(','));
    cursor.expect(';');
    const arrays = operands.filter(({ array }) => array);
    const turns = arrays[0]?.indices.length ?? 1;
    const odd = arrays.find(({ indices }) => indices.length !== turns);
    if (odd !== undefined)
      throw new ParseError(`a register of ${odd.indices.length} qubits beside one of ${turns}`, odd.token);
    for (let turn = 0; turn < turns; turn++) {
      work(token);
      const qubits = operands.map(({ indices, array }) => indices[array ? turn : 0]!);
      for (const operation of calls.expand({ token, gate, parameters, modifiers, qubits })) emit(operation);
    }
  };
  const assignment = (token: Token, binding: Binding) => {
    if (binding.kind === 'bits') {
      cursor.moveTo(cursor.position() - 1);
      const target = operand('bits');
      cursor.expect('=');
      if (cursor.peek().text !== 'measure')
        throw new ParseError(`unexpected ${shown(cursor.peek())}`, cursor.peek(), { expected: ['"measure"'] });
      cursor.take();
      measureInto(operand('qubits'), target);
    } else if (binding.kind === 'number' && !binding.constant) {
      if (conditions.length > 0) throw new ParseError('a number cannot depend on a measurement', token);
      const symbol = cursor.take();
      const value = number('a value');
      const old = binding.value;
      const fresh = { '=': value, '+=': old + value, '-=': old - value, '*=': old * value, '/=': old / value }[
        symbol.text
      ];
      if (fresh === undefined) throw new ParseError(`unexpected ${shown(symbol)}`, symbol, { expected: ['"="'] });
      scope.assign(token.text, { ...binding, value: fresh });
    } else throw new ParseError(`"${token.text}" is not a gate and cannot be assigned`, token);
    cursor.expect(';');
  };

  const gateDefinition = () => {
    cursor.expect('gate');
    const name = cursor.identifier('a name for the gate');
    const { parameters, qubits } = header(name);
    const start = cursor.position();
    const bindings = new Map<string, Binding>();
    for (const parameter of parameters) bindings.set(parameter, { kind: 'number', value: 0.5, constant: false });
    qubits.forEach((qubit, i) => {
      bindings.set(qubit, { kind: 'qubits', indices: [i], array: false });
    });
    // Read once with stand-in values, so that a body is checked where it stands even if nobody calls it.
    scope.isolated(bindings, () => calls.body(cursor));
    calls.gates.set(name.text, { name: name.text, parameters, qubits, body: { cursor, start } });
    included.delete(name.text);
  };
  const header = (name: Token) => {
    const mayReplace = included.has(name.text) && redefinableGates.has(name.text);
    if (calls.gates.has(name.text) && !mayReplace) throw new ParseError(`gate "${name.text}" is defined twice`, name);
    const parameters: string[] = [];
    if (cursor.accept('(') && !cursor.accept(')')) {
      do parameters.push(cursor.identifier('a parameter').text);
      while (cursor.accept(','));
      cursor.expect(')');
    }
    const qubits: string[] = [];
    if (cursor.peek().kind === 'identifier')
      do qubits.push(cursor.identifier('a qubit').text);
      while (cursor.accept(','));
    if (new Set([...parameters, ...qubits]).size !== parameters.length + qubits.length)
      throw new ParseError(`gate "${name.text}" uses a name twice`, name);
    return { parameters, qubits };
  };

  const block = () => {
    if (++depth > 60) throw new ParseError('blocks nested deeper than 60', cursor.peek());
    scope.push();
    if (cursor.accept('{')) {
      while (!cursor.accept('}')) {
        if (cursor.peek().kind === 'end')
          throw new ParseError('a block that never ends', cursor.peek(), { expected: ['"}"'] });
        statement();
      }
    } else statement();
    scope.pop();
    depth--;
  };
  const skipBlockOrStatement = () => {
    if (cursor.peek().text === '{') return cursor.skipBlock();
    while (!cursor.accept(';'))
      if (cursor.take().kind === 'end')
        throw new ParseError('a statement that never ends', cursor.peek(), { expected: ['";"'] });
  };
  const ifStatement = () => {
    const token = cursor.expect('if');
    cursor.expect('(');
    const test = readCondition(cursor, scope);
    cursor.expect(')');
    const outer = conditions;
    const branch = (inner: readonly Condition[] | boolean) => {
      if (inner === false) return skipBlockOrStatement();
      if (inner !== true) conditions = [...outer, ...inner];
      block();
      conditions = outer;
    };
    const from = operations.length;
    branch(typeof test === 'boolean' ? test : test);
    if (typeof test !== 'boolean') guardTestedBits(token, from, test);
    if (!cursor.accept('else')) return;
    if (typeof test === 'boolean') return branch(!test);
    if (test.length !== 1) throw new ParseError('"else" after a test of several conditions', token);
    branch([{ ...test[0]!, equal: !test[0]!.equal }]);
  };
  /** Conditions are tested at each operation, so a branch must not change the bits that chose it. */
  const guardTestedBits = (token: Token, from: number, test: readonly Condition[]) => {
    const tested = new Set(test.flatMap(({ bits }) => bits));
    const changing = operations.slice(from, -1).some((op) => op.kind === 'measure' && tested.has(op.bit));
    if (changing) throw new ParseError('a branch measures into the bits that chose it, before its end', token);
  };

  const forStatement = () => {
    const token = cursor.expect('for');
    if (numberTypes.has(cursor.peek().text)) {
      cursor.take();
      if (cursor.accept('[')) size();
    }
    const name = cursor.identifier('a loop variable');
    cursor.expect('in');
    const values: number[] = [];
    if (cursor.accept('{')) {
      do values.push(number('a value'));
      while (cursor.accept(','));
      cursor.expect('}');
    } else {
      cursor.expect('[');
      const first = number('a bound');
      cursor.expect(':');
      let last = number('a bound');
      let step = 1;
      if (cursor.accept(':')) [step, last] = [last, number('a bound')];
      cursor.expect(']');
      if (step === 0) throw new ParseError('a loop with step 0', token);
      const turns = Math.floor((last - first) / step + 1e-9) + 1;
      if (turns > maxOperations) throw new ParseError(`a loop of ${turns} turns`, token);
      for (let i = 0; i < turns; i++) values.push(first + i * step);
    }
    const start = cursor.position();
    if (values.length === 0) return skipBlockOrStatement();
    for (const value of values) {
      work(token);
      cursor.moveTo(start);
      scope.push(new Map([[name.text, { kind: 'number', value, constant: true }]]));
      block();
      scope.pop();
    }
  };

  const numberDeclaration = (constant: boolean, input: boolean) => {
    const type = cursor.take();
    if (!numberTypes.has(type.text))
      throw new ParseError(`unexpected ${shown(type)}`, type, { expected: [...numberTypes] });
    if (cursor.accept('[')) size();
    const name = cursor.identifier('a name');
    let value = 0;
    if (input) {
      const given = options.inputs?.[name.text];
      if (given === undefined || !Number.isFinite(given))
        throw new ParseError(`input "${name.text}" has no value; give it in the option "inputs"`, name);
      value = given;
    } else if (cursor.accept('=')) value = number('a value');
    else if (constant) throw new ParseError('a constant without a value', name, { expected: ['"="'] });
    cursor.expect(';');
    scope.declare(name, { kind: 'number', value, constant: constant || input });
  };

  const statement = (): void => {
    const token = cursor.peek();
    work(token, 0.01);
    switch (token.kind === 'identifier' || token.kind === 'symbol' ? token.text : '') {
      case ';':
        cursor.take();
        return;
      case 'OPENQASM':
        throw new ParseError('the version must come first', token);
      case 'include':
        for (const name of include(cursor, calls.gates, token)) included.add(name);
        return;
      case 'qreg':
      case 'creg': {
        cursor.take();
        const name = cursor.identifier('a name');
        cursor.expect('[');
        const count = size();
        cursor.expect(';');
        if (token.text === 'qreg') declareQubits(name, count, true);
        else declareBits(name, count, true);
        return;
      }
      case 'qubit': {
        cursor.take();
        const count = cursor.accept('[') ? size() : null;
        declareQubits(cursor.identifier('a name'), count ?? 1, count !== null);
        cursor.expect(';');
        return;
      }
      case 'bit': {
        cursor.take();
        const count = cursor.accept('[') ? size() : null;
        const bits = declareBits(cursor.identifier('a name'), count ?? 1, count !== null);
        if (cursor.accept('=')) {
          cursor.expect('measure');
          measureInto(operand('qubits'), bits);
        }
        cursor.expect(';');
        return;
      }
      case 'let': {
        cursor.take();
        const name = cursor.identifier('a name');
        cursor.expect('=');
        const indices = [...operand('qubits').indices];
        while (cursor.accept('++')) indices.push(...operand('qubits').indices);
        cursor.expect(';');
        scope.declare(name, { kind: 'qubits', indices, array: true });
        return;
      }
      case 'gate':
        gateDefinition();
        return;
      case 'opaque': {
        cursor.take();
        const name = cursor.identifier('a name for the gate');
        const { parameters, qubits } = header(name);
        cursor.expect(';');
        calls.gates.set(name.text, { name: name.text, parameters, qubits, body: 'opaque' });
        return;
      }
      case 'measure':
        measureStatement();
        return;
      case 'reset': {
        cursor.take();
        const target = operand('qubits');
        cursor.expect(';');
        work(token, target.indices.length);
        for (const qubit of target.indices) emit({ kind: 'reset', qubit });
        return;
      }
      case 'barrier': {
        cursor.take();
        const qubits: number[] = [];
        if (cursor.peek().text !== ';')
          do qubits.push(...operand('qubits').indices);
          while (cursor.accept(','));
        else qubits.push(...range(0, qubitCount));
        cursor.expect(';');
        emit({ kind: 'barrier', qubits: [...new Set(qubits)] });
        return;
      }
      case 'if':
        ifStatement();
        return;
      case 'for':
        forStatement();
        return;
      case 'const':
      case 'input':
        cursor.take();
        numberDeclaration(token.text === 'const', token.text === 'input');
        return;
      case 'int':
      case 'uint':
      case 'float':
      case 'angle':
      case 'bool':
        numberDeclaration(false, false);
        return;
      default:
        gateStatement();
        return;
    }
  };

  if (cursor.accept('OPENQASM')) {
    const version = cursor.take();
    if (!/^(2|3)(\.\d+)?$/.test(version.text))
      throw new ParseError(`OpenQASM ${shown(version)}`, version, { expected: ['version 2.0', 'version 3.0'] });
    cursor.expect(';');
  }
  while (cursor.peek().kind !== 'end') statement();
  return { qubitCount, bitCount, qubitRegisters, bitRegisters, operations };
}

const range = (start: number, size: number) => Array.from({ length: size }, (_, i) => start + i);

/** Brings in the gates of a known include file; nothing is read from disk. */
function include(cursor: TokenCursor, gates: Map<string, KnownGate>, token: Token): Iterable<string> {
  cursor.expect('include');
  const file = cursor.take();
  const names = includes.get(file.text.slice(1, -1));
  if (file.kind !== 'string' || names === undefined)
    throw new ParseError(`cannot include ${shown(file)}`, file, {
      expected: [...includes.keys()].map((name) => `"${name}"`),
      suggestion: file.kind === 'string' ? nearestWord(file.text.slice(1, -1), includes.keys()) : null,
    });
  cursor.expect(';');
  for (const name of names) {
    const source = composedGates.get(name);
    if (gates.has(name) && gates.get(name)!.body !== 'table')
      throw new ParseError(`the include defines gate "${name}" again`, token);
    if (source === undefined) gates.set(name, tableGate(name));
    else {
      const body = tokenCursor(tokenize(source));
      while (body.peek().text !== '{') body.take();
      const qubits = /gate \w+ ([\w,]+)/.exec(source)![1]!.split(',');
      gates.set(name, { name, parameters: [], qubits, body: { cursor: body, start: body.position() } });
    }
  }
  return names;
}
