import { createHash } from 'node:crypto';
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Store } from '@myriad/contracts';
import { expect, test } from 'vitest';

async function gather(source: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of source) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

async function* pieces(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text, 'utf8');
}

export function examineBlobs(open: () => Store): void {
  test('[D1] bytes are named by their SHA-256, and the same bytes are one blob', async () => {
    const { blobs } = open();
    const whole = await blobs.put(Buffer.from('hello 世界'));
    expect(whole.hash).toBe(createHash('sha256').update('hello 世界').digest('hex'));
    expect(whole.sizeBytes).toBe(12);
    expect(await blobs.put(pieces('hello ', '世界'))).toEqual(whole);
    expect(Buffer.from(await blobs.get(whole.hash)).toString('utf8')).toBe('hello 世界');
    expect(await blobs.has(whole.hash)).toBe(true);
  });

  test('[D2] a part is streamed by its first byte and the one after its last', async () => {
    const { blobs } = open();
    const { hash } = await blobs.put(Buffer.from('0123456789'));
    expect(await gather(blobs.stream(hash))).toBe('0123456789');
    expect(await gather(blobs.stream(hash, { start: 2, end: 5 }))).toBe('234');
    expect(await gather(blobs.stream(hash, { start: 9, end: 10 }))).toBe('9');
    expect(await gather(blobs.stream(hash, { start: 4, end: 4 }))).toBe('');
    await expect(gather(blobs.stream(hash, { start: 4, end: 11 }))).rejects.toMatchObject({ code: 'invalid_request' });
  });

  test('[D3] content past the limit is refused and leaves nothing', async () => {
    const { blobs } = open();
    const put = blobs.put(pieces('12345', '67890'), { maxBytes: 9 });
    await expect(put).rejects.toMatchObject({ code: 'body_too_large', facts: { maxBytes: 9 } });
    expect(await blobs.has(createHash('sha256').update('1234567890').digest('hex'))).toBe(false);
  });

  test('[D4] what is not there is not found; a name that is no hash is refused before the disk is asked', async () => {
    const { blobs } = open();
    const none = 'f'.repeat(64);
    await expect(blobs.get(none)).rejects.toMatchObject({ code: 'not_found' });
    await expect(gather(blobs.stream(none))).rejects.toMatchObject({ code: 'not_found' });
    await expect(blobs.get('../../etc/passwd')).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(blobs.has('../x')).rejects.toMatchObject({ code: 'invalid_request' });
    const { hash } = await blobs.put(Buffer.from('short life'));
    await blobs.delete(hash);
    await blobs.delete(hash);
    expect(await blobs.has(hash)).toBe(false);
  });

  test('[D7] a file of this machine is taken over whole, once by its name', async () => {
    const { blobs } = open();
    const folder = await mkdtemp(join(tmpdir(), 'myriad-adopt-'));
    const hash = createHash('sha256').update('taken over').digest('hex');
    for (const name of ['first', 'again']) {
      await writeFile(join(folder, name), 'taken over');
      await blobs.adopt(join(folder, name), hash);
      await expect(access(join(folder, name))).rejects.toThrow();
    }
    expect(Buffer.from(await blobs.get(hash)).toString('utf8')).toBe('taken over');
    await expect(blobs.adopt(join(folder, 'none'), hash)).rejects.toThrow();
    await rm(folder, { recursive: true });
  });

  test('[D5] a source that breaks off leaves nothing behind', async () => {
    const { blobs } = open();
    async function* broken() {
      yield Buffer.from('half');
      throw new Error('the line went dead');
    }
    await expect(blobs.put(broken())).rejects.toThrow();
    expect(await blobs.has(createHash('sha256').update('half').digest('hex'))).toBe(false);
  });
}
