/** What the app is asked in each step of writing. The user's own words are marked as such and come last. */
import type { WenkuJobInput, WenkuKind, WenkuOutlineItem } from '@myriad/contracts';

export interface WritingSetting {
  readonly kind: WenkuKind;
  readonly title: string;
  readonly language: 'en' | 'zh';
}

const languages = { en: 'English', zh: 'Simplified Chinese (简体中文)' } as const;

export function outlinePrompt(setting: WritingSetting, input: WenkuJobInput): string {
  const deck = setting.kind === 'deck';
  const count = input.length ?? (deck ? 8 : 6);
  return [
    `Write the outline of a ${deck ? 'slide deck' : 'document'} in ${languages[setting.language]}.`,
    `Give about ${count} ${deck ? 'slides' : 'sections'}. Each is a line "## title" followed by 2 to 4 lines "- point" that say what it will tell.`,
    'Use what the sources say where there are sources. Write nothing but these lines.',
    `Topic: ${input.text ?? setting.title}`,
  ].join('\n');
}

export function sectionPrompt(
  setting: WritingSetting,
  input: WenkuJobInput,
  outline: readonly WenkuOutlineItem[],
  at: number,
): string {
  const item = outline[at] as WenkuOutlineItem;
  const points = item.points.map((point) => `- ${point}`).join('\n');
  const whole = outline
    .map(({ title }, index) => `${index + 1}. ${title}${index === at ? '  ← write this one' : ''}`)
    .join('\n');
  const form =
    setting.kind === 'deck'
      ? [
          `Write one slide in Markdown in ${languages[setting.language]}: a line "## ${item.title}", then at most six short points as "- point" (sub-points indented), or one Markdown table, or a quotation as "> words" with "> — who said it".`,
          'For a chart write "Chart (column): caption" above a table of numbers (column, bar or line).',
          'End with one line "Notes: " and what the speaker says, in two or three sentences.',
        ]
      : [
          `Write one section in Markdown in ${languages[setting.language]}: begin with the line "## ${item.title}", then the text: paragraphs, lists and tables as they help; no other heading of the first or second level.`,
        ];
  return [
    ...form,
    'State from the sources only what they say, with their number in brackets after the sentence. Write nothing before or after.',
    `Title of the whole: ${setting.title}`,
    ...(input.text ? [`Topic: ${input.text}`] : []),
    `Outline:\n${whole}`,
    `What this one is to say: ${item.title}\n${points}`,
  ].join('\n');
}

export function rewritePrompt(input: WenkuJobInput): string {
  return [
    'Rewrite the passage between the marks as asked. Keep its Markdown, facts and numbers; keep its language unless asked otherwise.',
    'Answer with the new passage alone, without marks or comment.',
    `What is asked: ${input.text ?? ''}`,
    `<passage>\n${input.selection ?? ''}\n</passage>`,
  ].join('\n');
}

export function translatePrompt(into: 'en' | 'zh', text: string): string {
  return [
    `Translate the passage between the marks into ${languages[into]}. Keep Markdown, numbers, names and formulas.`,
    'Answer with the translation alone.',
    `<passage>\n${text}\n</passage>`,
  ].join('\n');
}

/** Reads an outline from what a model wrote: headings or numbered lines, with the points below each. */
export function readOutline(text: string): readonly WenkuOutlineItem[] {
  const items: { title: string; points: string[] }[] = [];
  for (const line of text.split('\n')) {
    const heading = /^\s{0,3}(?:#{1,6}\s+|\d{1,2}[.、)）]\s*|[一二三四五六七八九十]+、\s*)(.+)$/.exec(line);
    const point = /^\s*[-*•]\s+(.+)$/.exec(line);
    if (point && items.length > 0) items.at(-1)?.points.push(clean(point[1] ?? ''));
    else if (heading) items.push({ title: clean(heading[1] ?? ''), points: [] });
  }
  return items.filter(({ title }) => title !== '').slice(0, 40);
}

const clean = (text: string) =>
  text
    .replace(/\*\*/g, '')
    .replace(/\s*\[\d+\]/g, '')
    .trim()
    .slice(0, 300);

/** Takes off a fence that a model put around its whole answer. */
export const unfenced = (text: string): string =>
  /^\s*```(?:markdown|md)?\n([\s\S]*?)\n```\s*$/.exec(text)?.[1] ?? text;
