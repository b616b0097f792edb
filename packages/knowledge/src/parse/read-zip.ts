import { inflateRawSync } from 'node:zlib';
import { ParseFailure } from './parse-failure.ts';

/** One file of an archive, as the directory at its end names it. */
export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly compressedBytes: number;
  /** As the archive claims; not trusted. */
  readonly claimedBytes: number;
  readonly offset: number;
  readonly encrypted: boolean;
}

export interface ZipArchive {
  readonly names: readonly string[];
  /** Bytes of a file, or null when there is none of that name. Counts towards the limit of the whole archive. */
  read(name: string): Uint8Array | null;
  /** The same as UTF-8 text. */
  text(name: string): string | null;
}

export interface ZipLimits {
  readonly entries: number;
  /** Bytes after unpacking, over all that is read. */
  readonly totalBytes: number;
}

export const zipLimits: ZipLimits = { entries: 20_000, totalBytes: 200 * 1024 * 1024 };

const damaged = () => new ParseFailure('parse_failed', 'The file is damaged: its zip directory cannot be read.');

/** Directory of a zip archive (APPNOTE 6.3.10, 4.3.12 and 4.3.16). Nothing is unpacked. */
export function listZip(bytes: Uint8Array, limits: ZipLimits = zipLimits): ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = -1;
  for (let at = bytes.length - 22; at >= Math.max(0, bytes.length - 65_557); at -= 1) {
    if (view.getUint32(at, true) === 0x06054b50) {
      end = at;
      break;
    }
  }
  if (end < 0) throw damaged();
  const count = view.getUint16(end + 10, true);
  if (count > limits.entries)
    throw new ParseFailure('parse_limit', `The archive holds ${count} files; the limit is ${limits.entries}.`);
  const entries: ZipEntry[] = [];
  let at = view.getUint32(end + 16, true);
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== 0x02014b50) throw damaged();
    const nameBytes = view.getUint16(at + 28, true);
    entries.push({
      name: new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameBytes)),
      encrypted: (view.getUint16(at + 8, true) & 1) === 1,
      method: view.getUint16(at + 10, true),
      compressedBytes: view.getUint32(at + 20, true),
      claimedBytes: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
    });
    at += 46 + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
}

/**
 * Opens a zip archive whose files are unpacked one by one, each only as far as the limit of the whole leaves room: an
 * archive that claims little and unpacks to much stops at the limit.
 */
export function openZip(bytes: Uint8Array, limits: ZipLimits = zipLimits): ZipArchive {
  const entries = new Map(listZip(bytes, limits).map((entry) => [entry.name, entry]));
  let leftBytes = limits.totalBytes;
  const read = (name: string): Uint8Array | null => {
    const entry = entries.get(name);
    if (!entry) return null;
    const unpacked = unpack(bytes, entry, leftBytes, limits.totalBytes);
    leftBytes -= unpacked.length;
    return unpacked;
  };
  return {
    names: [...entries.keys()],
    read,
    text: (name) => {
      const found = read(name);
      return found && new TextDecoder(utf16Mark(found) ?? 'utf-8').decode(found);
    },
  };
}

const utf16Mark = (bytes: Uint8Array): string | null =>
  bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : null;

function unpack(bytes: Uint8Array, entry: ZipEntry, leftBytes: number, totalBytes: number): Uint8Array {
  if (entry.encrypted) throw new ParseFailure('parse_failed', 'The file is locked with a password.');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (entry.offset + 30 > bytes.length || view.getUint32(entry.offset, true) !== 0x04034b50) throw damaged();
  const start = entry.offset + 30 + view.getUint16(entry.offset + 26, true) + view.getUint16(entry.offset + 28, true);
  const packed = bytes.subarray(start, start + entry.compressedBytes);
  const tooMuch = () =>
    new ParseFailure(
      'parse_limit',
      `The file unpacks to more than ${Math.round(totalBytes / 1024 / 1024)} MB; it may be a zip bomb.`,
    );
  if (entry.method === 0) {
    if (packed.length > leftBytes) throw tooMuch();
    return packed;
  }
  if (entry.method !== 8)
    throw new ParseFailure('parse_failed', 'The file uses a zip compression that is not read here.');
  if (leftBytes < 1) throw tooMuch();
  try {
    return inflateRawSync(packed, { maxOutputLength: leftBytes });
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') throw tooMuch();
    throw new ParseFailure('parse_failed', `The file is damaged: ${entry.name} cannot be unpacked.`, error);
  }
}
