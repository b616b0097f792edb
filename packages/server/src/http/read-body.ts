/** Reads a request's body whole, with the limit applied after decompression. */
import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import { MyriadError } from '@myriad/contracts';

/** @throws MyriadError `body_too_large`, `unsupported_media_type` for an unknown encoding, `invalid_request` for broken compression, `aborted`. */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  const declared = Number(request.headers['content-length']);
  if (declared > limitBytes) throw tooLarge(limitBytes);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let isOver = false;
    const stream = decompressed(request);
    const fail = (error: MyriadError) => {
      isOver = true;
      stream.removeAllListeners('data');
      reject(error);
    };
    const broken = (cause?: unknown) => {
      if (isOver) return;
      if (request.destroyed && !request.complete)
        fail(new MyriadError('aborted', 'The caller went away while sending the body.'));
      else fail(new MyriadError('invalid_request', 'The compressed body is broken.', { cause }));
    };
    stream.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limitBytes) {
        stream.pause();
        fail(tooLarge(limitBytes));
      } else chunks.push(chunk);
    });
    stream.once('end', () => {
      isOver = true;
      resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size));
    });
    stream.once('error', broken);
    stream.once('close', () => broken());
    if (request.destroyed && !request.complete) broken();
  });
}

function decompressed(request: IncomingMessage): NodeJS.ReadableStream {
  const encoding = request.headers['content-encoding']?.toLowerCase();
  if (!encoding || encoding === 'identity') return request;
  const made = {
    gzip: createGunzip,
    'x-gzip': createGunzip,
    deflate: createInflate,
    br: createBrotliDecompress,
    zstd: createZstdDecompress,
  }[encoding];
  if (!made)
    throw new MyriadError(
      'unsupported_media_type',
      `The content encoding "${encoding}" is not supported; send gzip, deflate, br or zstd.`,
    );
  const decompressor = made();
  pipeline(request, decompressor, () => {});
  return decompressor;
}

function tooLarge(limitBytes: number): MyriadError {
  return new MyriadError('body_too_large', `The body is larger than ${limitBytes} bytes.`, { facts: { limitBytes } });
}

/** @throws MyriadError `malformed_json` with the position. */
export function parseJson(body: Buffer): unknown {
  if (body.length === 0) throw new MyriadError('malformed_json', 'The body is empty; expected a JSON object.');
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw new MyriadError('malformed_json', `The body is not valid JSON: ${(error as Error).message}.`);
  }
}
