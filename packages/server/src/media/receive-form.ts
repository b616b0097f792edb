/** A multipart form: fields in memory, files in a folder of the data, so that a long recording needs no memory. */
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Busboy } from '@fastify/busboy';
import { MyriadError } from '@myriad/contracts';
import { labelOf } from '../admin/receive-upload.ts';
import type { House } from '../house.ts';
import type { Exchange } from '../v1/exchange.ts';

export interface FormFile {
  readonly field: string;
  readonly name: string;
  readonly mediaType: string;
  readonly path: string;
  readonly sizeBytes: number;
}

export interface Form {
  /** In the order in which they came; a name may come more than once. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly files: readonly FormFile[];
  value(name: string): string | undefined;
}

const folderName = 'forms';
const mostFields = 64;
const mostFiles = 16;
const longestField = 1 << 20;

/** Files of forms whose request died with the process. */
export async function clearForms(dataFolder: string): Promise<void> {
  await rm(join(dataFolder, folderName), { recursive: true, force: true });
}

/**
 * @param work What is done with the form; its files are gone afterwards.
 * @throws MyriadError `unsupported_media_type`, `invalid_request`, `body_too_large`, `aborted`.
 */
export async function withForm<T>(house: House, exchange: Exchange, work: (form: Form) => Promise<T>): Promise<T> {
  const { request } = exchange;
  const type = request.headers['content-type'] ?? '';
  if (!type.toLowerCase().startsWith('multipart/form-data') || request.headers['content-encoding'])
    throw new MyriadError('unsupported_media_type', 'Send an uncompressed form as multipart/form-data.');
  await mkdir(join(house.dataFolder, folderName), { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(house.dataFolder, folderName, 'form-'));
  try {
    return await work(await receive(house, exchange, type, folder));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What a person wrote in a form; the other fields are names and numbers. */
export function wordsOf(form: Form): Readonly<Record<string, string>> {
  const prompt = form.value('prompt');
  return prompt === undefined ? {} : { prompt };
}

async function receive(house: House, { request, signal }: Exchange, type: string, folder: string): Promise<Form> {
  const limitBytes = house.config.limits.uploadBytes;
  const fields: [string, string][] = [];
  const files: FormFile[] = [];
  const writes: Promise<void>[] = [];
  await new Promise<void>((resolve, reject) => {
    const broken = (error: unknown) =>
      reject(
        error instanceof MyriadError
          ? error
          : new MyriadError('invalid_request', `The form is broken: ${(error as Error).message}.`),
      );
    const parser = openParser(type, limitBytes);
    parser.on('field', (name: string, value: string, _nameCut: boolean, valueCut: boolean) => {
      if (valueCut) broken(tooLarge(longestField));
      else fields.push([name, value]);
    });
    parser.on('file', (field, stream, filename, _encoding, mediaType) => {
      const path = join(folder, String(files.length + writes.length));
      const out = createWriteStream(path, { mode: 0o600 });
      const written = pipeline(stream, out).then(() => {
        if (stream.truncated) throw tooLarge(limitBytes);
        files.push({ field, name: labelOf(filename || 'file'), mediaType, path, sizeBytes: out.bytesWritten });
      });
      written.catch(broken);
      writes.push(written);
    });
    for (const limit of ['filesLimit', 'fieldsLimit'] as const)
      parser.on(limit, () =>
        broken(new MyriadError('invalid_request', `A form may have ${mostFields} fields and ${mostFiles} files.`)),
      );
    parser.on('error', broken);
    parser.on('finish', () => {
      Promise.all(writes).then(() => resolve(), broken);
    });
    signal.addEventListener('abort', () => broken(new MyriadError('aborted', 'The caller went away.')), { once: true });
    request.on('error', broken);
    request.pipe(parser);
  });
  return { fields, files, value: (name) => fields.find(([field]) => field === name)?.[1] };
}

/** @throws MyriadError `invalid_request` for a form without a boundary. */
function openParser(type: string, limitBytes: number): InstanceType<typeof Busboy> {
  try {
    return new Busboy({
      headers: { 'content-type': type },
      limits: { files: mostFiles, fileSize: limitBytes, fields: mostFields, fieldSize: longestField },
    });
  } catch (error) {
    throw new MyriadError('invalid_request', `The form is broken: ${(error as Error).message}.`);
  }
}

function tooLarge(limitBytes: number): MyriadError {
  return new MyriadError('body_too_large', `A part of the form is larger than ${limitBytes} bytes.`, {
    facts: { limitBytes },
  });
}
