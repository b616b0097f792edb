import { tex2typst } from 'tex2typst';

/** A string of Typst: in it nothing is markup. */
export const typstString = (text: string): string =>
  `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\r', '').replaceAll('\n', '\\n')}"`;

/** Words as content; nothing in them is markup or code. */
export const typstWords = (text: string): string => (text === '' ? '' : `#text(${typstString(text)});`);

/**
 * A formula. `plain` writes its LaTeX as words instead: what the conversion does not know, and what could be code (`#`),
 * must not stop or steer the rest.
 */
export function typstMath(latex: string, display: boolean, plain: boolean): string {
  const asWords = `#raw(${typstString(latex)});`;
  if (plain || latex.trim() === '') return asWords;
  try {
    const typst = tex2typst(latex).trim();
    if (typst === '' || /[#$@]/.test(typst)) return asWords;
    return display ? `$ ${typst} $` : `$${typst}$`;
  } catch {
    return asWords;
  }
}
