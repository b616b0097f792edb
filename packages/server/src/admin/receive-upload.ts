/** An upload, streamed to the content-addressed store: multipart `file`, or raw bytes with `?name=`. */
import { Readable } from 'node:stream';
import { Busboy } from '@fastify/busboy';
import { type KnowledgeDocument, MyriadError } from '@myriad/contracts';
import type { House } from '../house.ts';
import { type AdminContext, actorOf } from './context.ts';

/** @throws MyriadError `invalid_request`, `body_too_large`. A name is only a label: folders in it are cut off. */
export async function receiveUpload(house: House, c: AdminContext, collectionId: string): Promise<KnowledgeDocument> {
  const body = c.req.raw.body;
  if (!body)
    throw new MyriadError(
      'invalid_request',
      'Expected a file: multipart with a field `file`, or raw bytes with `?name=`.',
    );
  const addedBy = actorOf(c.get('subject'));
  const type = c.req.header('content-type') ?? 'application/octet-stream';
  const source = Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]);
  const limitBytes = house.config.limits.uploadBytes;
  if (!type.startsWith('multipart/form-data')) {
    const name = c.req.query('name');
    if (!name)
      throw new MyriadError('invalid_request', 'Raw bytes need a name: add `?name=report.pdf`.', {
        facts: { param: 'name' },
      });
    return house.knowledge.add({
      collectionId,
      name: labelOf(name),
      ...mediaType(type),
      content: limited(source, limitBytes),
      addedBy,
    });
  }
  return new Promise((resolve, reject) => {
    const parser = new Busboy({
      headers: { 'content-type': type },
      limits: { files: 1, fileSize: limitBytes, fields: 20 },
    });
    let document: Promise<KnowledgeDocument> | null = null;
    parser.on('file', (field, stream, filename, _encoding, mime) => {
      if (field !== 'file' || document) {
        stream.resume();
        return;
      }
      document = house.knowledge.add({
        collectionId,
        name: labelOf(filename || 'file'),
        ...mediaType(mime),
        content: limited(stream, limitBytes, () => stream.truncated),
        addedBy,
      });
      document.catch(reject);
    });
    parser.on('error', (error) =>
      reject(new MyriadError('invalid_request', `The multipart body is broken: ${(error as Error).message}.`)),
    );
    parser.on('finish', () => {
      if (document) document.then(resolve, reject);
      else
        reject(
          new MyriadError('invalid_request', 'The multipart body has no field `file`.', { facts: { param: 'file' } }),
        );
    });
    source.on('error', (error) => parser.destroy(error));
    source.pipe(parser);
  });
}

async function* limited(
  stream: AsyncIterable<Uint8Array>,
  limitBytes: number,
  truncated: () => boolean = () => false,
): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.byteLength;
    if (size > limitBytes) throw tooLarge(limitBytes);
    yield chunk;
  }
  if (truncated()) throw tooLarge(limitBytes);
}

function tooLarge(limitBytes: number): MyriadError {
  return new MyriadError('body_too_large', `The file is larger than ${limitBytes} bytes.`, { facts: { limitBytes } });
}

/** Last part of a path, without control characters, at most 255 characters. */
export function labelOf(name: string): string {
  const last =
    name
      .normalize('NFC')
      .replace(/\\/g, '/')
      .split('/')
      .filter((part) => part !== '' && part !== '.' && part !== '..')
      .pop() ?? '';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  const clean = last.replace(/[\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069]/g, '').trim();
  return [...clean].slice(0, 255).join('') || 'file';
}

function mediaType(type: string): { mediaType?: string } {
  const plain = type.split(';', 1)[0]?.trim().toLowerCase();
  return plain && plain !== 'application/octet-stream' ? { mediaType: plain } : {};
}
