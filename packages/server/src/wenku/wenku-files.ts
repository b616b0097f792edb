/** Images, imports and exports of Wenku's documents. */
import { createHash } from 'node:crypto';
import { imageFacts, imageHash, plainInline } from '@myriad/builtin/wenku';
import type { ExportImage, Imported } from '@myriad/builtin/wenku-files';
import {
  MyriadError,
  type Store,
  type WenkuContent,
  type WenkuDocument,
  type WenkuFormat,
  type WenkuImage,
  type WenkuNode,
} from '@myriad/contracts';
import { runFileTask } from './file-process.ts';

export const mostImageBytes = 8 * 1024 * 1024;
const mostImages = 300;
const fileTaskMs = 60_000;

/** @throws MyriadError `unsupported_media_type`, `body_too_large`, `invalid_request`. */
export async function keepImage(
  store: Pick<Store, 'wenku'>,
  documentId: string,
  bytes: Uint8Array,
): Promise<WenkuImage> {
  if (bytes.length > mostImageBytes)
    throw new MyriadError(
      'body_too_large',
      `An image has at most ${mostImageBytes} bytes; this one has ${bytes.length}.`,
    );
  const facts = imageFacts(bytes);
  if (!facts) throw new MyriadError('unsupported_media_type', 'Expected a PNG, JPEG or GIF picture.');
  const image: WenkuImage = {
    ...facts,
    hash: createHash('sha256').update(bytes).digest('hex'),
    sizeBytes: bytes.length,
  };
  const have = await store.wenku.images(documentId);
  if (have.length >= mostImages && !have.some(({ hash }) => hash === image.hash))
    throw new MyriadError('invalid_request', `A document holds at most ${mostImages} images.`);
  await store.wenku.addImage(documentId, { ...image, bytes });
  return image;
}

/** Hashes of the images that a content shows. */
export function imagesIn(content: WenkuContent): ReadonlySet<string> {
  const found = new Set<string>();
  if (content.type === 'deck') for (const { image } of content.slides) if (image) found.add(image);
  const visit = (node: WenkuNode): void => {
    const hash = node.type === 'image' ? imageHash(node.attrs?.src) : null;
    if (hash) found.add(hash);
    for (const child of node.content ?? []) visit(child);
  };
  if (content.type === 'doc') for (const node of content.content) visit(node);
  return found;
}

export async function exportDocument(
  store: Pick<Store, 'wenku'>,
  document: WenkuDocument,
  content: WenkuContent,
  author: string,
  format: WenkuFormat,
): Promise<Uint8Array> {
  const images = new Map<string, ExportImage>();
  for (const hash of imagesIn(content)) {
    const image = await store.wenku.image(document.id, hash);
    if (image)
      images.set(hash, { mediaType: image.mediaType, width: image.width, height: image.height, bytes: image.bytes });
  }
  const input = { title: plainInline(document.title), author, language: document.language, content, images };
  const answer = await runFileTask({ kind: 'export', input, format }, fileTaskMs);
  if (answer.kind !== 'bytes') throw new MyriadError('internal', 'The writer gave no file.');
  return answer.bytes;
}

export async function importFile(name: string, bytes: Uint8Array): Promise<Imported> {
  const answer = await runFileTask({ kind: 'import', name, bytes }, fileTaskMs);
  if (answer.kind !== 'imported') throw new MyriadError('internal', 'The reader gave no document.');
  return answer.imported;
}
