/** Formulas: LaTeX read by KaTeX into MathML, and MathML into Office's own (OMML) as the docx library writes it. */
import {
  type MathComponent,
  MathFraction,
  MathIntegral,
  MathRadical,
  MathRun,
  MathSubScript,
  MathSubSuperScript,
  MathSum,
  MathSuperScript,
} from 'docx';
import katex from 'katex';
import { parseHTML } from 'linkedom';

interface Element {
  readonly localName: string;
  readonly textContent: string | null;
  readonly children: ArrayLike<Element>;
}

/** MathML of a formula; one that KaTeX cannot read is shown as it was written. */
export function mathMl(latex: string, display: boolean): string {
  const html = katex.renderToString(latex, {
    output: 'mathml',
    displayMode: display,
    throwOnError: false,
    trust: false,
  });
  return /<math[\s\S]*<\/math>/.exec(html)?.[0] ?? '';
}

/** The formula as Office's runs, fractions, scripts and roots; what has no counterpart stays as its words. */
export function officeMath(latex: string): MathComponent[] {
  const { document } = parseHTML(`<html><body>${mathMl(latex, false)}</body></html>`);
  const row = document.querySelector('semantics')?.children[0] as Element | undefined;
  const made = row ? convert(row) : [];
  return made.length > 0 ? made : [new MathRun(latex)];
}

/** A formula on one line of plain letters, for places that set none: `x̄ = (1)/(n) ∑_(i=1)^n x_i`. */
export function linearMath(latex: string): string {
  const { document } = parseHTML(`<html><body>${mathMl(latex, false)}</body></html>`);
  const row = document.querySelector('semantics')?.children[0] as Element | undefined;
  const text = row ? line(row).replace(/\s+/g, ' ').trim() : '';
  return text === '' ? latex : text;
}

const grouped = (text: string) => ([...text].length > 1 ? `(${text})` : text);

function line(node: Element): string {
  const parts = Array.from(node.children).map(line);
  const [first = '', second = '', third = ''] = parts;
  switch (node.localName) {
    case 'mi':
    case 'mn':
    case 'mtext':
      return node.textContent ?? '';
    case 'mo': {
      const text = (node.textContent ?? '').replace(/[\u2061-\u2064]/g, '');
      return /^[=+−<>≤≥≈→±×·∈]$/.test(text) ? ` ${text} ` : text;
    }
    case 'mfrac':
      return `${grouped(first)}/${grouped(second)}`;
    case 'msqrt':
      return `√${grouped(parts.join(''))}`;
    case 'mover':
      // A bar above a letter is a mark of that letter.
      return /^[ˉ¯‾―]$/.test(second) ? `${first}\u0304` : `${first}^${grouped(second)}`;
    case 'msup':
      return `${first}^${grouped(second)}`;
    case 'msub':
    case 'munder':
      return `${first}_${grouped(second)}`;
    case 'msubsup':
    case 'munderover':
      return `${first}_${grouped(second)}^${grouped(third)} `;
    case 'annotation':
      return '';
    default:
      return parts.length > 0 ? parts.join('') : '';
  }
}

const all = (nodes: ArrayLike<Element>): MathComponent[] => convertList(Array.from(nodes));

/** A sum or an integral takes what follows it as its operand. */
function convertList(nodes: readonly Element[]): MathComponent[] {
  const made: MathComponent[] = [];
  for (let at = 0; at < nodes.length; at += 1) {
    const node = nodes[at] as Element;
    const large = largeOperator(node);
    if (!large) {
      made.push(...convert(node));
      continue;
    }
    const next = nodes[at + 1];
    const children = next && !largeOperator(next) ? convert(next) : [new MathRun('')];
    if (next && !largeOperator(next)) at += 1;
    const { subScript, superScript } = large;
    const options = { children, ...(subScript ? { subScript } : {}), ...(superScript ? { superScript } : {}) };
    made.push(large.kind === 'sum' ? new MathSum(options) : new MathIntegral(options));
  }
  return made;
}

function largeOperator(node: Element) {
  const scripted = /^m(under|over|sub|sup)/.test(node.localName);
  const base = (scripted ? node.children[0]?.textContent : node.textContent)?.trim();
  if (base !== '∑' && base !== '∫') return null;
  const [, first, second] = scripted ? Array.from(node.children) : [];
  const lower = /^m(under|sub)/.test(node.localName);
  const both = node.localName === 'munderover' || node.localName === 'msubsup';
  return {
    kind: base === '∑' ? ('sum' as const) : ('integral' as const),
    subScript: lower && first ? convert(first) : undefined,
    superScript: both && second ? convert(second) : !lower && first ? convert(first) : undefined,
  };
}

function convert(node: Element): MathComponent[] {
  const [first, second, third] = Array.from(node.children);
  switch (node.localName) {
    case 'mi':
    case 'mn':
    case 'mo':
    case 'mtext': {
      // Invisible operators (function application, times) are not letters.
      const text = (node.textContent ?? '').replace(/[\u2061-\u2064]/g, '');
      return text === '' ? [] : [new MathRun(text)];
    }
    case 'mfrac':
      return first && second ? [new MathFraction({ numerator: convert(first), denominator: convert(second) })] : [];
    case 'msqrt':
      return [new MathRadical({ children: all(node.children) })];
    case 'mroot':
      return first && second ? [new MathRadical({ children: convert(first), degree: convert(second) })] : [];
    case 'msup':
    case 'mover':
      return first && second ? [new MathSuperScript({ children: convert(first), superScript: convert(second) })] : [];
    case 'msub':
    case 'munder':
      return first && second ? [new MathSubScript({ children: convert(first), subScript: convert(second) })] : [];
    case 'msubsup':
    case 'munderover':
      return first && second && third
        ? [
            new MathSubSuperScript({
              children: convert(first),
              subScript: convert(second),
              superScript: convert(third),
            }),
          ]
        : [];
    case 'mtable':
      return Array.from(node.children).flatMap((row, at) => [
        ...(at > 0 ? [new MathRun('; ')] : []),
        ...Array.from(row.children).flatMap((cell, column) => [
          ...(column > 0 ? [new MathRun(', ')] : []),
          ...all(cell.children),
        ]),
      ]);
    case 'annotation':
    case 'mspace':
      return [];
    default:
      return all(node.children);
  }
}
