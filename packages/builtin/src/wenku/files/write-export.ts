import { MyriadError, type WenkuFormat } from '@myriad/contracts';
import { chineseMarkdown, englishMarkdown, markdownOf } from '../markdown/to-markdown.ts';
import type { ExportInput } from './export-input.ts';

export const mediaTypes: Readonly<Record<WenkuFormat, string>> = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pdf: 'application/pdf',
  md: 'text/markdown; charset=utf-8',
  html: 'text/html; charset=utf-8',
};

export const isWenkuFormat = (format: string): format is WenkuFormat => format in mediaTypes;

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
