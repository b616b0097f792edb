import type { Citation, CompiledEval } from '@myriad/contracts';

/** What a run of an eval gave. */
export interface EvalAnswer {
  readonly text: string;
  readonly citations: readonly Citation[];
  readonly finish: string;
}

const fold = (text: string) => text.normalize('NFKC').toLowerCase();

/**
 * Compares an answer with what is expected. Case and width of letters do not count.
 *
 * @returns null when it passes, else the reason; it names what was expected, and never the answer.
 */
export function judgeEval(expect: CompiledEval['expect'], answer: EvalAnswer): string | null {
  const text = fold(answer.text);
  const missing = expect.contains.find((part) => !text.includes(fold(part)));
  if (missing !== undefined) return `The answer does not contain "${missing}".`;
  const present = expect.excludes.find((part) => text.includes(fold(part)));
  if (present !== undefined) return `The answer contains "${present}".`;
  if (expect.equals !== null && text.trim() !== fold(expect.equals).trim()) {
    return `The answer is not exactly "${expect.equals}".`;
  }
  if (expect.matches !== null && !new RegExp(expect.matches, 'iu').test(answer.text.slice(0, 20_000))) {
    return `The answer does not match /${expect.matches}/.`;
  }
  if (expect.finish !== null && answer.finish !== expect.finish) {
    return `The run ended with ${answer.finish}, not ${expect.finish}.`;
  }
  if (expect.cites === true && answer.citations.length === 0) return 'The answer cites nothing.';
  if (expect.cites === false && answer.citations.length > 0) return 'The answer cites something.';
  if (typeof expect.cites === 'string') {
    const wanted = fold(expect.cites);
    const cited = answer.citations.some(({ documentName, quote }) =>
      fold(`${documentName}\n${quote}`).includes(wanted),
    );
    if (!cited) return `The answer does not cite "${expect.cites}".`;
  }
  return null;
}
