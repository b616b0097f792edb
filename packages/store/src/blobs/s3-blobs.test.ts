/** The blob exam on a bucket, by a server that speaks S3. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BlobStore, Store } from '@myriad/contracts';
import S3rver from 's3rver';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { examineBlobs } from '../exam/blobs.exam.ts';
import { openS3Blobs, type S3BlobOptions } from './s3-blobs.ts';

const root = mkdtempSync(join(tmpdir(), 'myriad-s3-'));
let server: S3rver;
let options: S3BlobOptions;
let blobs: BlobStore;

beforeAll(async () => {
  server = new S3rver({
    port: 0,
    address: '127.0.0.1',
    silent: true,
    directory: join(root, 'bucket'),
    configureBuckets: [{ name: 'myriad', configs: [] }],
  });
  const { port } = await server.run();
  options = {
    endpoint: `http://127.0.0.1:${port}`,
    bucket: 'myriad',
    region: 'us-east-1',
    prefix: 'house/',
    accessKey: 'S3RVER',
    secretKey: 'S3RVER',
  };
  blobs = await openS3Blobs(options, join(root, 'staging'));
});
afterAll(async () => {
  await server.close();
  rmSync(root, { recursive: true, force: true });
});

describe('a bucket', () => {
  examineBlobs(() => ({ blobs }) as Store);

  test('[D8] a large file goes in parts and comes back the same, whole and in ranges', async () => {
    const bytes = randomBytes(40 * 1024 * 1024 + 7);
    const hash = createHash('sha256').update(bytes).digest('hex');
    const path = join(root, 'large.bin');
    writeFileSync(path, bytes);
    await blobs.adopt(path, hash);
    const gathered: Uint8Array[] = [];
    for await (const chunk of blobs.stream(hash)) gathered.push(chunk);
    expect(Buffer.concat(gathered).equals(bytes)).toBe(true);
    const part: Uint8Array[] = [];
    for await (const chunk of blobs.stream(hash, { start: 20_000_000, end: 20_000_010 })) part.push(chunk);
    expect(Buffer.concat(part)).toEqual(bytes.subarray(20_000_000, 20_000_010));
    expect(readdirSync(join(root, 'staging', 'incoming'))).toEqual([]);
  });

  test('[D9] a wrong key and a bucket that is not there are said without the key', async () => {
    for (const wrong of [
      { ...options, accessKey: 'unknown-key', secretKey: 'not-the-secret' },
      { ...options, bucket: 'nowhere' },
      { ...options, endpoint: 'http://127.0.0.1:1' },
    ]) {
      const other = await openS3Blobs(wrong, join(root, 'other'));
      const failure = await other.put(Buffer.from('x')).catch((error: unknown) => error);
      expect(failure).toMatchObject({ name: 'MyriadError', code: 'upstream_unavailable' });
      expect(JSON.stringify(failure)).not.toContain('not-the-secret');
    }
  });
});
