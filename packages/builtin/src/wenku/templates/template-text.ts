import type { WenkuTemplate } from '@myriad/contracts';

/** A template as it is written: Markdown in both languages. */
export interface TemplateText extends WenkuTemplate {
  readonly text: { readonly en: string; readonly zh: string };
  readonly theme?: 'paper' | 'azure' | 'ink' | 'pine';
}
