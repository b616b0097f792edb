/** A stretch of a slide's words in one look. */
export interface InlineRun {
  readonly text: string;
  readonly bold: boolean;
  readonly code: boolean;
  /** The text is LaTeX. */
  readonly math: boolean;
}

const marks = /\*\*(?<bold>[^*]+)\*\*|`(?<code>[^`]+)`|\$(?<math>[^$\s](?:[^$]*[^$\s])?)\$/g;

/** Reads `**bold**`, `` `code` `` and `$maths$` in a slide's words; everything else is as it stands. */
export function inlineRuns(text: string): readonly InlineRun[] {
  const runs: InlineRun[] = [];
  const push = (part: string, look: Partial<InlineRun> = {}) => {
    if (part !== '') runs.push({ text: part, bold: false, code: false, math: false, ...look });
  };
  let at = 0;
  for (const match of text.matchAll(marks)) {
    const { bold, code, math } = match.groups ?? {};
    // Two prices in one sentence are not a formula.
    if (math !== undefined && /^\d[\d,.]*\s/.test(math)) continue;
    push(text.slice(at, match.index));
    if (bold !== undefined) push(bold, { bold: true });
    else if (code !== undefined) push(code, { code: true });
    else push(math ?? '', { math: true });
    at = match.index + match[0].length;
  }
  push(text.slice(at));
  return runs;
}

/** The words without their marks. */
export const plainInline = (text: string): string =>
  inlineRuns(text)
    .map((run) => run.text)
    .join('');
