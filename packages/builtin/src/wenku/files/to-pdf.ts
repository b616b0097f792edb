/** A PDF by Typst, with the Chinese font that is shipped: without one Typst leaves Chinese words out in silence. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { MyriadError } from '@myriad/contracts';
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';
import { deckToTypst } from './deck-to-typst.ts';
import { docToTypst } from './doc-to-typst.ts';
import type { ExportInput } from './export-input.ts';

/** Family names inside the font files, Latin first: the Chinese one has no Latin letters. */
export const pdfFonts = ['Noto Sans', 'Noto Sans Hans'] as const;

const resolve = createRequire(import.meta.url).resolve;
const folderOf = (name: string) => join(dirname(resolve(name)), '../fonts');

/** Folders of the fonts that are shipped. */
export const fontFolders = (): string[] => ['@embedpdf/fonts-latin', '@embedpdf/fonts-sc'].map(folderOf);

/** @throws MyriadError `internal` when the page cannot be set even with formulas as words. */
export function toPdf(input: ExportInput): Uint8Array {
  // An empty folder of its own: the source can read nothing but the images given to it.
  const workspace = mkdtempSync(join(tmpdir(), 'myriad-typst-'));
  try {
    const compiler = NodeCompiler.create({ workspace, fontArgs: [{ fontPaths: fontFolders() }] });
    for (const [hash, image] of input.images)
      compiler.mapShadow(join(workspace, 'images', hash), Buffer.from(image.bytes));
    const source = (plainMath: boolean) => {
      const options = { plainMath, fonts: pdfFonts };
      return input.content.type === 'deck'
        ? deckToTypst(input.content, input, options)
        : docToTypst(input.content.content, input, options);
    };
    try {
      return new Uint8Array(compiler.pdf({ mainFileContent: source(false) }));
    } catch {
      return new Uint8Array(compiler.pdf({ mainFileContent: source(true) }));
    }
  } catch (cause) {
    throw new MyriadError('internal', 'The PDF could not be set.', { cause });
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
}
