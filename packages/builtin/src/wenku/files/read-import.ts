/** Files that become documents: Word, Markdown and HTML. */
import { createHash } from 'node:crypto';
import { MyriadError, type WenkuDoc } from '@myriad/contracts';
import mammoth from 'mammoth';
import { imageFacts } from '../image-facts.ts';
import { docFromMarkdown } from '../markdown/from-markdown.ts';
import { checkContent } from '../model/check-content.ts';
import type { ExportImage } from './export-input.ts';
import { docFromHtml } from './from-html.ts';

export interface Imported {
  readonly doc: WenkuDoc;
  readonly images: ReadonlyMap<string, ExportImage>;
}

const mostImages = 200;

/** @throws MyriadError `unsupported_media_type`, `parse_failed`. */
export async function readImport(name: string, bytes: Uint8Array): Promise<Imported> {
  const images = new Map<string, ExportImage>();
  const keep = (data: Uint8Array): string | null => {
    const facts = imageFacts(data);
    if (!facts || images.size >= mostImages) return null;
    const hash = createHash('sha256').update(data).digest('hex');
    images.set(hash, { ...facts, bytes: data });
    return hash;
  };
  const ending = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? '';
  const text = () => new TextDecoder().decode(bytes);
  try {
    if (ending === 'docx') {
      const { value } = await mammoth.convertToHtml(
        { buffer: Buffer.from(bytes) },
        { styleMap: ["p[style-name='Quote'] => blockquote > p:fresh", "p[style-name='Code'] => pre"] },
      );
      return { doc: whole(docFromHtml(value, keep)), images };
    }
    if (ending === 'html' || ending === 'htm') return { doc: whole(docFromHtml(text(), keep)), images };
    if (ending === 'md' || ending === 'markdown' || ending === 'txt')
      return { doc: whole(docFromMarkdown(text())), images };
  } catch (cause) {
    if (cause instanceof MyriadError) throw cause;
    throw new MyriadError('parse_failed', `${name} could not be read: it is damaged, or not what its name says.`, {
      cause,
    });
  }
  throw new MyriadError(
    'unsupported_media_type',
    `"${ending || name}" cannot be opened for editing; docx, md, txt and html can.`,
    {
      facts: { ending },
    },
  );
}

const whole = (doc: WenkuDoc): WenkuDoc => checkContent('doc', doc) as WenkuDoc;
