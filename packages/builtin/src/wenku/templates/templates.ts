import type { WenkuContent, WenkuTemplate } from '@myriad/contracts';
import { slidesFromDoc } from '../deck/slides-from-doc.ts';
import { docFromMarkdown } from '../markdown/from-markdown.ts';
import { deckTemplates } from './deck-texts.ts';
import { docTemplates } from './doc-texts.ts';
import type { TemplateText } from './template-text.ts';

const all: readonly TemplateText[] = [...deckTemplates, ...docTemplates];

export const wenkuTemplates: readonly WenkuTemplate[] = all.map(
  ({ text: _text, theme: _theme, ...template }) => template,
);

/** A fresh document of a template, in a language; null when there is none of that id. */
export function templateContent(
  id: string,
  language: 'en' | 'zh',
): { readonly title: string; readonly content: WenkuContent } | null {
  const template = all.find((each) => each.id === id);
  if (!template) return null;
  const doc = docFromMarkdown(template.text[language]);
  const title = template.title[language];
  if (template.kind === 'doc') return { title, content: doc };
  return { title, content: { type: 'deck', theme: template.theme ?? 'paper', slides: slidesFromDoc(doc) } };
}
