import { BudgetExceededError } from '../errors.ts';
import type { Circuit, Condition, GateOperation } from '../ir/circuit.ts';
import { withOpenControls } from '../ir/gate-algebra.ts';
import { layoutColumns, type PlacedOperation } from './layout-columns.ts';

export interface DrawOptions {
  /** Columns of gates a row of the picture holds before it wraps; no wrapping when left out. */
  readonly wrapColumns?: number;
  /** Most operations that are drawn; 5,000 when left out. */
  readonly maxOperations?: number;
}

const cell = 48;
const row = 44;
const box = 34;
const rules = [
  'text{font:13px ui-sans-serif,system-ui,sans-serif;fill:currentColor;stroke:none}',
  'text.small{font-size:9px}',
  '.box{fill:var(--circuit-fill,Canvas)}',
  '.dot{fill:currentColor}',
];

/**
 * Draws a circuit as a standalone SVG. Lines and text take `currentColor` and boxes `--circuit-fill` (canvas colour when
 * unset), so that the picture fits a light or a dark page.
 *
 * @throws BudgetExceededError for circuits with more than `maxOperations` operations.
 */
export function draw(circuit: Circuit, options: DrawOptions = {}): string {
  const most = options.maxOperations ?? 5000;
  if (circuit.operations.length > most)
    throw new BudgetExceededError('The drawing', circuit.operations.length, most, 'operations');
  const { placed, columns } = layoutColumns(circuit);
  const perBand = Math.max(1, options.wrapColumns ?? Math.max(1, columns));
  const bands = Math.max(1, Math.ceil(columns / perBand));
  const wires = circuit.qubitCount + circuit.bitRegisters.length;
  const labels = [
    ...circuit.qubitRegisters.flatMap(({ name, size }) => Array.from({ length: size }, (_, i) => `${name}[${i}]`)),
    ...circuit.bitRegisters.map(({ name, size }) => `${name} / ${size}`),
  ];
  const left = 24 + 8 * labels.reduce((longest, label) => Math.max(longest, label.length), 0);
  const bandHeight = wires * row + 28;
  const width = left + Math.min(perBand, Math.max(1, columns)) * cell + 24;
  const height = bands * bandHeight + 12;

  const parts: string[] = [];
  for (let band = 0; band < bands; band++) {
    const y0 = band * bandHeight + 28;
    labels.forEach((label, wire) => {
      const y = y0 + wire * row;
      parts.push(`<text class="label" x="${left - 10}" y="${y + 4}" text-anchor="end">${escapeXml(label)}</text>`);
      if (wire < circuit.qubitCount) parts.push(line(left, y, width - 12, y));
      else parts.push(line(left, y - 1.5, width - 12, y - 1.5), line(left, y + 1.5, width - 12, y + 1.5));
    });
  }
  for (const item of placed) {
    const band = Math.floor(item.column / perBand);
    const x = left + ((item.column % perBand) + 0.5) * cell;
    const y0 = band * bandHeight + 28;
    parts.push(operationParts(circuit, item, x, (wire) => y0 + wire * row));
  }
  const title = `Circuit of ${circuit.qubitCount} qubits and ${circuit.operations.length} operations`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" class="taizhang-circuit" role="img" aria-label="${title}" fill="none" stroke="currentColor" stroke-width="1.5">`,
    `<title>${title}</title>`,
    // Scoped by class: an inline SVG shares its styles with the page.
    `<style>${rules.map((rule) => `.taizhang-circuit ${rule}`).join('')}</style>`,
    ...parts,
    '</svg>',
  ].join('\n');
}

const line = (x1: number, y1: number, x2: number, y2: number, extra = '') =>
  `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"${extra}/>`;

function operationParts(circuit: Circuit, item: PlacedOperation, x: number, yOf: (wire: number) => number): string {
  const { operation, top, bottom } = item;
  switch (operation.kind) {
    case 'barrier':
      return operation.qubits
        .map((qubit) => line(x, yOf(qubit) - row / 2, x, yOf(qubit) + row / 2, ' stroke-dasharray="4 4" opacity="0.6"'))
        .join('');
    case 'reset':
      return conditionParts(circuit, item, x, yOf) + labelBox(x, yOf(operation.qubit), yOf(operation.qubit), '|0⟩');
    case 'measure': {
      const y = yOf(operation.qubit);
      const register = circuit.bitRegisters.findIndex(
        ({ start, size }) => operation.bit >= start && operation.bit < start + size,
      );
      const end = yOf(circuit.qubitCount + register);
      return [
        conditionParts(circuit, item, x, yOf),
        line(x - 1.5, y, x - 1.5, end - 6),
        line(x + 1.5, y, x + 1.5, end - 6),
        `<path class="dot" d="M${x - 5} ${end - 8}h10l-5 7z"/>`,
        `<text class="small" x="${x + 7}" y="${end - 5}">${operation.bit - circuit.bitRegisters[register]!.start}</text>`,
        labelBox(x, y, y, ''),
        `<path d="M${x - 10} ${y + 6}a10 10 0 0 1 20 0M${x} ${y + 6}l7 -12"/>`,
      ].join('');
    }
    default:
      return (
        (bottom > top ? line(x, yOf(top), x, yOf(Math.min(bottom, lastQubit(operation)))) : '') +
        conditionParts(circuit, item, x, yOf) +
        gateParts(operation, x, yOf)
      );
  }
}

const lastQubit = (gate: GateOperation) => Math.max(...gate.controls, ...gate.qubits);

function conditionParts(
  circuit: Circuit,
  { operation, bottom }: PlacedOperation,
  x: number,
  yOf: (wire: number) => number,
): string {
  if (operation.kind === 'barrier' || operation.conditions === undefined || operation.conditions.length === 0)
    return '';
  const from = operation.kind === 'gate' ? lastQubit(operation) : operation.qubit;
  const text = operation.conditions.map((condition) => conditionText(circuit, condition)).join(' ∧ ');
  const y = yOf(bottom);
  return (
    line(x - 1.5, yOf(from), x - 1.5, y) +
    line(x + 1.5, yOf(from), x + 1.5, y) +
    `<circle class="dot" cx="${x}" cy="${y}" r="4"/><text class="small" x="${x}" y="${y + 15}" text-anchor="middle">${escapeXml(text)}</text>`
  );
}

function conditionText(circuit: Circuit, { bits, value, equal }: Condition): string {
  const register = circuit.bitRegisters.find(({ start, size }) => bits[0]! >= start && bits[0]! < start + size)!;
  const whole = register.size === bits.length && register.size > 1;
  const name = whole ? register.name : `${register.name}[${bits.map((bit) => bit - register.start).join(',')}]`;
  return `${name}${equal ? '=' : '≠'}${value}`;
}

function gateParts(operation: GateOperation, x: number, yOf: (wire: number) => number): string {
  const open = withOpenControls(operation);
  const dots = open.controls.map((qubit) => `<circle class="dot" cx="${x}" cy="${yOf(qubit)}" r="4"/>`).join('');
  const [first = 0, second = 0] = open.qubits;
  if (open.controls.length > 0) {
    if (open.gate === 'x') {
      const y = yOf(first);
      return `${dots}<circle class="box" cx="${x}" cy="${y}" r="11"/>${line(x - 11, y, x + 11, y)}${line(x, y - 11, x, y + 11)}`;
    }
    if (open.gate === 'z') return `${dots}<circle class="dot" cx="${x}" cy="${yOf(first)}" r="4"/>`;
  }
  if (open.gate === 'swap') return dots + cross(x, yOf(first)) + cross(x, yOf(second));
  const small = open.parameters.length > 0 ? open.parameters.map(shortAngle).join(', ') : '';
  if (open.qubits.length === 0)
    return `${dots}<text class="small" x="${x + 6}" y="${yOf(open.controls[0] ?? 0) - 6}">${small}</text>`;
  const ys = open.qubits.map(yOf);
  // A box over wires that it does not act on numbers the ones that it does.
  const gaps = Math.max(...open.qubits) - Math.min(...open.qubits) >= open.qubits.length;
  const numbers = gaps
    ? ys.map((y, i) => `<text class="small" x="${x - box / 2 + 1}" y="${y + 3}">${i}</text>`).join('')
    : '';
  return dots + labelBox(x, Math.min(...ys), Math.max(...ys), gateLabel(open.gate), small) + numbers;
}

const cross = (x: number, y: number) => `<path d="M${x - 6} ${y - 6}l12 12M${x - 6} ${y + 6}l12 -12"/>`;

function labelBox(x: number, top: number, bottom: number, label: string, small = ''): string {
  const size = label.length > 4 ? ' class="small"' : '';
  const y = (top + bottom) / 2;
  return [
    `<rect class="box" x="${x - box / 2 - 2}" y="${top - box / 2}" width="${box + 4}" height="${bottom - top + box}" rx="5"/>`,
    label === ''
      ? ''
      : `<text${size} x="${x}" y="${y + (small === '' ? 4.5 : 0)}" text-anchor="middle">${escapeXml(label)}</text>`,
    small === ''
      ? ''
      : `<text class="small" x="${x}" y="${y + 12}" text-anchor="middle">${escapeXml(small.length > 9 ? `${small.slice(0, 8)}…` : small)}</text>`,
  ].join('');
}

const names: ReadonlyMap<string, string> = new Map([
  ['sdg', 'S†'],
  ['tdg', 'T†'],
  ['sx', '√X'],
  ['x_1_2', '√X'],
  ['sxdg', '√X†'],
  ['y_1_2', '√Y'],
  ['id', 'I'],
]);

const gateLabel = (gate: string) =>
  names.get(gate) ?? (/^r[xyz]{1,2}$/.test(gate) ? `R${gate.slice(1)}` : gate.length <= 2 ? gate.toUpperCase() : gate);

/** An angle as a short fraction of π where it is one. */
function shortAngle(value: number): string {
  for (const denominator of [1, 2, 3, 4, 6, 8, 16, 32]) {
    const numerator = (value / Math.PI) * denominator;
    const nearest = Math.round(numerator);
    if (nearest !== 0 && Math.abs(numerator - nearest) < 1e-9 && Math.abs(nearest) < 100) {
      const head = nearest === 1 ? 'π' : nearest === -1 ? '-π' : `${nearest}π`;
      return denominator === 1 ? head : `${head}/${denominator}`;
    }
  }
  return String(Number(value.toFixed(3)));
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
