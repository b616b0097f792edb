/** Secrets at rest: AES-256-GCM under a key in the data folder that only the owner of the process can read. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { chmodSync, closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { MyriadError } from '@myriad/contracts';

export interface Seal {
  seal(plain: string, name: string): Uint8Array;
  /** @throws MyriadError `storage_corrupt` when the bytes were changed, or sealed under another key or name. */
  open(sealed: Uint8Array, name: string): string;
}

const version = 1;

/** The name is bound in as associated data, so a sealed secret cannot be moved to another place. */
export function createSeal(key: Uint8Array): Seal {
  return {
    seal(plain, name) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(name));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return Buffer.concat([Buffer.of(version), nonce, cipher.getAuthTag(), body]);
    },
    open(sealed, name) {
      try {
        const bytes = Buffer.from(sealed);
        if (bytes[0] !== version) throw new Error(`unknown seal version ${bytes[0]}`);
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(1, 13)).setAAD(Buffer.from(name));
        decipher.setAuthTag(bytes.subarray(13, 29));
        return Buffer.concat([decipher.update(bytes.subarray(29)), decipher.final()]).toString('utf8');
      } catch (cause) {
        throw new MyriadError('storage_corrupt', `The secret "${name}" cannot be opened with this node's key.`, {
          cause,
          facts: { name },
        });
      }
    },
  };
}

/** Reads the node's 32-byte key, making it on first start (mode 0600, on disk before it is used). */
export function nodeKey(dataFolder: string): Uint8Array {
  const path = join(dataFolder, 'secret.key');
  try {
    const key = readFileSync(path);
    if (key.length !== 32) throw new MyriadError('storage_corrupt', `${path} should hold 32 bytes, not ${key.length}.`);
    return key;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const key = randomBytes(32);
  const file = openSync(path, 'wx', 0o600);
  try {
    writeSync(file, key);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  chmodSync(path, 0o600);
  return key;
}
