/** A node whose bytes lie in a bucket, by a server that speaks S3. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import S3rver from 's3rver';
import { expect, test } from 'vitest';
import { driveUser } from './support/drive.ts';
import { becomeOwner } from './support/operator.ts';
import { emptyFolder, startNode } from './support/start-node.ts';

test('files go to the bucket and come back, in parts too; what is deleted is gone from it', async () => {
  const server = new S3rver({
    port: 0,
    address: '127.0.0.1',
    silent: true,
    directory: emptyFolder('bucket'),
    configureBuckets: [{ name: 'myriad', configs: [] }],
  });
  const { port } = await server.run();
  const node = await startNode({
    environment: {
      MYRIAD_BLOBS: `s3://myriad/drive?endpoint=http://127.0.0.1:${port}&keyId=env:TEST_ID&key=env:TEST_KEY`,
      TEST_ID: 'S3RVER',
      TEST_KEY: 'S3RVER',
    },
  });
  try {
    const ann = driveUser(node, await becomeOwner(node));
    const root = await ann.root();
    const bytes = randomBytes(300_000);
    const file = (await ann.put(root, 'in the bucket.bin', bytes)).body;
    const url = `${node.url}/api/drive/nodes/${file.id}/content`;
    const whole = await fetch(url, { headers: ann.headers });
    expect(Buffer.from(await whole.arrayBuffer()).equals(bytes)).toBe(true);
    const part = await fetch(url, { headers: { ...ann.headers, range: 'bytes=100-199' } });
    expect(Buffer.from(await part.arrayBuffer())).toEqual(bytes.subarray(100, 200));
    const hash = file.contentHash ?? '';
    expect(existsSync(join(node.data, 'blobs', hash.slice(0, 2)))).toBe(false);
    const text = (await ann.put(root, 'words.txt', 'The lantern hangs over the gate.')).body;
    expect((await ann.indexed(text.id)).index?.status).toBe('ready');
    expect((await ann.api(`DELETE /api/drive/nodes/${file.id}?name=${encodeURIComponent(file.name)}`)).status).toBe(
      200,
    );
    expect((await fetch(url, { headers: ann.headers })).status).toBe(404);
  } finally {
    await node.stop();
    await server.close();
  }
});
