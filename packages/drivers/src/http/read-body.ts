import { MyriadError } from '@myriad/contracts';

/**
 * Reads a whole body as text, measured after decompression.
 *
 * @throws MyriadError `upstream_protocol` past `limitBytes` (64 MiB unless said).
 */
export async function readBody(body: AsyncIterable<Uint8Array>, limitBytes = 64 << 20): Promise<string> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of body) {
    sizeBytes += chunk.length;
    if (sizeBytes > limitBytes)
      throw new MyriadError('upstream_protocol', `The model server's answer is larger than ${limitBytes} bytes.`, {
        facts: { limitBytes },
      });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** @throws MyriadError `upstream_protocol` when the text is not JSON. The text itself is never in the error. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new MyriadError(
      'upstream_protocol',
      `The model server answered ${text.length} characters that are not JSON.`,
      {
        facts: { characters: text.length },
      },
    );
  }
}
