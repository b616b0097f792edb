/**
 * Bytes named by their SHA-256 in a bucket of any server that speaks S3. What comes in grows in a file of this machine while
 * it is hashed, and is sent once its name is known; a large one goes in parts, so that none is ever whole in memory.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type BlobStore, isMyriadError, MyriadError } from '@myriad/contracts';
import { S3mini } from 's3mini';
import { failureOf, plainFailure } from '../sqlite/sqlite-failure.ts';
import { blobPath } from './folder-blobs.ts';

export interface S3BlobOptions {
  /** Such as `https://s3.eu-central-1.amazonaws.com` or `http://127.0.0.1:9000`. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  /** Put before every name; empty for none. */
  readonly prefix: string;
  readonly accessKey: string;
  readonly secretKey: string;
}

const partBytes = 16 * 1024 * 1024;
/** S3 takes 10,000 parts. */
const mostParts = 9_000;

/** @param staging Folder of this machine in which uploads grow. */
export async function openS3Blobs(options: S3BlobOptions, staging: string): Promise<BlobStore> {
  const { endpoint, bucket, region, prefix, accessKey, secretKey } = options;
  const s3 = new S3mini({
    endpoint: `${endpoint.replace(/\/+$/, '')}/${bucket}`,
    region,
    accessKeyId: accessKey,
    secretAccessKey: secretKey,
  });
  const aside = join(staging, 'incoming');
  try {
    // What a process that died was still writing is of no use to anyone.
    await rm(aside, { recursive: true, force: true });
    await mkdir(aside, { recursive: true });
  } catch (error) {
    throw failureOf(plainFailure(error));
  }
  const keyOf = (hash: string): string => `${prefix}${blobPath(hash).replaceAll('\\', '/')}`;
  const missing = (hash: string) => new MyriadError('not_found', `There is no blob ${hash}.`, { facts: { hash } });
  const damaged = (hash: string) =>
    new MyriadError('storage_corrupt', `The bytes of blob ${hash} are not those it is named for.`, { facts: { hash } });

  /** What the bucket said, without keys: the client's own error may hold the signed request. */
  const failing = async <T>(hash: string, work: () => Promise<T>, sending = false): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (isMyriadError(error)) throw error;
      const status = (error as { status?: number }).status;
      if (status === 404 && !sending) throw missing(hash);
      throw new MyriadError('upstream_unavailable', `The bucket ${bucket} did not answer as it should.`, {
        facts: { bucket, status: status ?? null, cause: error instanceof Error ? error.name : null },
      });
    }
  };

  const has = async (hash: string): Promise<boolean> => {
    const key = keyOf(hash);
    return failing(hash, async () => (await s3.objectExists(key)) === true);
  };

  const send = async (path: string, hash: string): Promise<void> => {
    const key = keyOf(hash);
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      if (size <= partBytes) {
        const bytes = Buffer.alloc(size);
        await file.read(bytes, 0, size, 0);
        await s3.putObject(key, bytes, 'application/octet-stream');
        return;
      }
      const length = Math.max(partBytes, Math.ceil(size / mostParts));
      const uploadId = await s3.getMultipartUploadId(key, 'application/octet-stream');
      try {
        const parts: Awaited<ReturnType<typeof s3.uploadPart>>[] = [];
        for (let at = 0; at < size; at += length) {
          const bytes = Buffer.alloc(Math.min(length, size - at));
          await file.read(bytes, 0, bytes.byteLength, at);
          parts.push(await s3.uploadPart(key, uploadId, bytes, parts.length + 1));
        }
        await s3.completeMultipartUpload(key, uploadId, parts);
      } catch (error) {
        // Parts of an upload that nobody finishes are paid for until they are taken away.
        await s3.abortMultipartUpload(key, uploadId).catch(() => {});
        throw error;
      }
    } finally {
      await file.close();
    }
  };

  const adopt = async (path: string, hash: string): Promise<void> => {
    keyOf(hash);
    try {
      if (!(await has(hash))) await failing(hash, () => send(path, hash), true);
      await rm(path);
    } catch (error) {
      throw isMyriadError(error) ? error : failureOf(plainFailure(error));
    }
  };

  async function* stream(hash: string, range?: { readonly start: number; readonly end: number }) {
    const key = keyOf(hash);
    if (range) {
      if (!(await has(hash))) throw missing(hash);
      const size = await failing(hash, () => s3.getContentLength(key));
      if (!(range.start >= 0 && range.start <= range.end && range.end <= size))
        throw new MyriadError('invalid_request', `The range ${range.start}-${range.end} is not within ${size} bytes.`);
      if (range.start === range.end) return;
    }
    const response = await failing(hash, () =>
      range ? s3.getObjectRaw(key, false, range.start, range.end) : s3.getObjectRaw(key),
    );
    if (response.status === 404) throw missing(hash);
    if (!response.ok)
      throw new MyriadError('upstream_unavailable', `The bucket ${bucket} answered ${response.status}.`, {
        facts: { bucket, status: response.status },
      });
    const check = range ? null : createHash('sha256');
    if (response.body) {
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
        check?.update(chunk);
        yield chunk;
      }
    }
    if (check && check.digest('hex') !== hash) throw damaged(hash);
  }

  return {
    async put(content, { maxBytes = Number.POSITIVE_INFINITY } = {}) {
      const draft = join(aside, randomUUID());
      try {
        const file = await open(draft, 'wx');
        const hash = createHash('sha256');
        let sizeBytes = 0;
        try {
          for await (const chunk of content instanceof Uint8Array ? [content] : content) {
            sizeBytes += chunk.byteLength;
            if (sizeBytes > maxBytes)
              throw new MyriadError('body_too_large', `The content is larger than ${maxBytes} bytes.`, {
                facts: { maxBytes },
              });
            hash.update(chunk);
            await file.writeFile(chunk);
          }
        } finally {
          await file.close();
        }
        const name = hash.digest('hex');
        await adopt(draft, name);
        return { hash: name, sizeBytes };
      } catch (error) {
        await rm(draft, { force: true });
        throw isMyriadError(error) ? error : failureOf(plainFailure(error));
      }
    },
    adopt,
    async get(hash) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of stream(hash)) chunks.push(chunk);
      const bytes = Buffer.concat(chunks);
      return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    },
    stream,
    has,
    async delete(hash) {
      const key = keyOf(hash);
      await failing(hash, () => s3.deleteObject(key)).catch((error: unknown) => {
        if (!isMyriadError(error) || error.code !== 'not_found') throw error;
      });
    },
  };
}
