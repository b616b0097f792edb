import type { Transform } from 'node:stream';
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from 'node:zlib';
import { MyriadError } from '@myriad/contracts';

const flushing = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH };

/**
 * Undoes `Content-Encoding` (gzip, br, deflate in both forms, zstd, and lists of them), handing on each piece as soon as
 * it can be read, so that a compressed stream still streams.
 *
 * @throws MyriadError `upstream_protocol` for an encoding that is unknown or bytes that are not in it.
 */
export function decompressBody(
  source: AsyncIterable<Uint8Array>,
  encoding: string | undefined,
): AsyncIterable<Uint8Array> {
  const layers = (encoding ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity');
  return layers.reduceRight((inner, name) => decompressLayer(inner, name), source);
}

async function* decompressLayer(source: AsyncIterable<Uint8Array>, encoding: string): AsyncGenerator<Uint8Array> {
  let stream: Transform | null = null;
  const ready: Uint8Array[] = [];
  let failure: Error | null = null;
  let settle: () => void = () => undefined;
  for await (const chunk of source) {
    if (chunk.length === 0) continue;
    if (!stream) {
      stream = openDecoder(encoding, chunk);
      stream.on('data', (piece: Uint8Array) => ready.push(piece));
      stream.on('error', (error) => {
        failure = error;
        settle();
      });
    }
    const decoder = stream;
    await new Promise<void>((resolve) => {
      // A broken body raises `error` and never calls back.
      settle = resolve;
      decoder.write(chunk, () => resolve());
    });
    if (failure) throw badEncoding(encoding, failure);
    yield* ready.splice(0);
  }
  if (!stream) return;
  const decoder = stream;
  await new Promise<void>((resolve) => {
    settle = resolve;
    decoder.once('end', resolve);
    decoder.end();
  });
  if (failure) throw badEncoding(encoding, failure);
  yield* ready.splice(0);
}

function openDecoder(encoding: string, first: Uint8Array): Transform {
  switch (encoding) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip(flushing);
    case 'br':
      return createBrotliDecompress();
    case 'zstd':
      return createZstdDecompress();
    case 'deflate':
      // Servers send both the zlib form (RFC 1950, low nibble 8) and raw deflate under this name.
      return ((first[0] as number) & 0x0f) === 8 ? createInflate(flushing) : createInflateRaw(flushing);
    default:
      throw new MyriadError('upstream_protocol', `The model server used an unknown content encoding, ${encoding}.`, {
        facts: { encoding },
      });
  }
}

function badEncoding(encoding: string, error: Error): MyriadError {
  return new MyriadError('upstream_protocol', `The model server's ${encoding} body cannot be decompressed.`, {
    facts: { encoding, cause: String((error as { code?: unknown }).code ?? error.name) },
  });
}
