import { parseHTML } from 'linkedom';
import mammoth from 'mammoth';
import type { Parser } from './blocks.ts';
import { domBlocks } from './dom-blocks.ts';
import { ParseFailure } from './parse-failure.ts';
import { readXml } from './read-xml.ts';
import { openZip } from './read-zip.ts';

/**
 * Word documents. Every part is unpacked once within the archive's limit and its XML checked before the document reader
 * sees the file, because that reader has no limits of its own.
 */
export const parseDocx: Parser = async ({ bytes }) => {
  const zip = openZip(bytes);
  for (const name of zip.names) {
    if (/\.(xml|rels)$/i.test(name)) refuseEntities(zip.text(name) ?? '');
    else zip.read(name);
  }
  const html = await toHtml(bytes);
  const { document } = parseHTML(`<!doctype html><html><head></head><body>${html}</body></html>`);
  const blocks = domBlocks(document.body);
  if (blocks.length === 0) throw new ParseFailure('parse_failed', 'The document has no text.');
  return { blocks, pages: null, remark: null };
};

function refuseEntities(xml: string): void {
  if (/<!(DOCTYPE|ENTITY)/i.test(xml)) readXml(xml);
}

async function toHtml(bytes: Uint8Array): Promise<string> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const { value } = await mammoth.convertToHtml(
      { buffer },
      {
        convertImage: mammoth.images.imgElement(async () => ({ src: '' })),
        // Word names its styles in English whatever its language; WPS and others write them in Chinese.
        styleMap: [
          "p[style-name='Title'] => h1:fresh",
          "p[style-name='标题'] => h1:fresh",
          ...[1, 2, 3, 4].map((level) => `p[style-name='标题 ${level}'] => h${level}:fresh`),
        ],
        includeDefaultStyleMap: true,
      },
    );
    return value;
  } catch (error) {
    throw new ParseFailure('parse_failed', 'The Word document is damaged and cannot be read.', error);
  }
}
