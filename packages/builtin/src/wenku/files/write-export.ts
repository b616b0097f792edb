import { MyriadError, type WenkuFormat } from '@myriad/contracts';
import { chineseMarkdown, englishMarkdown, markdownOf } from '../markdown/to-markdown.ts';
import type { ExportInput } from './export-input.ts';

/** The file of a document or deck. Each writer is loaded when it is first asked for. */
export async function writeExport(input: ExportInput, format: WenkuFormat): Promise<Uint8Array> {
  const text = (words: string) => new TextEncoder().encode(words);
  switch (format) {
    case 'docx':
      return (await import('./to-docx.ts')).toDocx(input);
    case 'pptx':
      return (await import('./to-pptx.ts')).toPptx(input);
    case 'xlsx':
      return (await import('./to-xlsx.ts')).toXlsx(input);
    case 'pdf':
      return (await import('./to-pdf.ts')).toPdf(input);
    case 'html':
      return text((await import('./to-html.ts')).toHtml(input));
    case 'md':
      return text(markdownOf(input.content, input.language === 'zh' ? chineseMarkdown : englishMarkdown));
    default:
      throw new MyriadError('unsupported', `There is no export to ${String(format)}.`);
  }
}
