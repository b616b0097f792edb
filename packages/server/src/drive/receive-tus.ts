/** Resumable uploads by tus 1.0.0 (https://tus.io/protocols/resumable-upload): core, creation, termination, checksum, expiration. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DriveActor } from '@myriad/builtin/drive';
import { type DriveUpload, isMyriadError, MyriadError } from '@myriad/contracts';
import type { House } from '../house.ts';

const algorithms = ['sha1', 'sha256', 'md5'] as const;
const base = { 'tus-resumable': '1.0.0', 'cache-control': 'no-store' };

export function answerTusOptions(house: House, response: ServerResponse): void {
  response
    .writeHead(204, {
      ...base,
      'tus-version': '1.0.0',
      'tus-extension': 'creation,creation-with-upload,termination,checksum,expiration',
      'tus-checksum-algorithm': algorithms.join(','),
      'tus-max-size': String(house.config.drive.fileBytes),
    })
    .end();
}

export async function receiveTus(
  house: House,
  actor: DriveActor,
  request: IncomingMessage,
  response: ServerResponse,
  id: string | null,
): Promise<void> {
  const method = request.method ?? 'GET';
  if (request.headers['tus-resumable'] !== '1.0.0') {
    response.writeHead(412, { ...base, 'tus-version': '1.0.0' }).end();
    return;
  }
  if (id === null) {
    if (method !== 'POST') throw new MyriadError('method_not_allowed', `An upload is begun with POST, not ${method}.`);
    return create(house, actor, request, response);
  }
  const upload = await house.drive.uploads.find(actor, id);
  if (method === 'HEAD') {
    response
      .writeHead(200, {
        ...base,
        'upload-offset': String(await house.drive.uploads.offset(upload)),
        'upload-length': String(upload.sizeBytes),
        ...ends(upload),
        ...(upload.nodeId ? { 'x-myriad-node': upload.nodeId } : {}),
      })
      .end();
    return;
  }
  if (method === 'PATCH') return append(house, actor, upload, request, response, 204, {});
  if (method === 'DELETE') {
    await house.drive.uploads.remove(upload);
    response.writeHead(204, base).end();
    return;
  }
  throw new MyriadError('method_not_allowed', `An upload takes HEAD, PATCH and DELETE, not ${method}.`);
}

const ends = (upload: DriveUpload) => ({ 'upload-expires': new Date(upload.expiresAt).toUTCString() });

async function create(
  house: House,
  actor: DriveActor,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const sizeBytes = wholeNumber(request, 'upload-length');
  const metadata = readMetadata(request.headers['upload-metadata']);
  const name = metadata.get('filename') ?? '';
  const parentId = metadata.get('parent') ?? '';
  if (parentId === '') throw missing('Upload-Metadata needs `parent`, the id of a folder, beside `filename`.');
  const folders = (metadata.get('folder') ?? '').split('/').filter(Boolean);
  const modified = Number(metadata.get('modified') ?? Number.NaN);
  const upload = await house.drive.uploads.begin(actor, {
    parentId,
    folders,
    name,
    sizeBytes,
    modifiedAt: Number.isFinite(modified) ? modified : null,
  });
  const location = { location: `/api/drive/uploads/${upload.id}` };
  const carries = request.headers['content-type'] === 'application/offset+octet-stream';
  if (carries || sizeBytes === 0) return append(house, actor, upload, request, response, 201, location, 0);
  response.writeHead(201, { ...base, ...location, ...ends(upload) }).end();
}

async function append(
  house: House,
  actor: DriveActor,
  upload: DriveUpload,
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  at?: number,
): Promise<void> {
  if (at === undefined && request.headers['content-type'] !== 'application/offset+octet-stream')
    throw new MyriadError('unsupported_media_type', 'A part is sent as application/offset+octet-stream.');
  const offset = at ?? wholeNumber(request, 'upload-offset');
  const check = readChecksum(request.headers['upload-checksum']);
  const answer = await house.drive.uploads.append(actor, upload, offset, request, check).catch((error: unknown) => {
    // The line broke: what came is kept, and nobody is there to be told.
    if (!isMyriadError(error) && (request.destroyed || response.destroyed)) return null;
    throw error;
  });
  if (!answer) {
    response.destroy();
    return;
  }
  if (!answer.checksumFits) {
    // The protocol's own status for a part whose checksum does not fit.
    response.writeHead(460, 'Checksum Mismatch', base).end();
    return;
  }
  response
    .writeHead(status, {
      ...base,
      ...headers,
      'upload-offset': String(answer.offset),
      ...ends(upload),
      ...(answer.node ? { 'x-myriad-node': answer.node.id } : {}),
    })
    .end();
}

const missing = (message: string) => new MyriadError('invalid_request', message);

function wholeNumber(request: IncomingMessage, name: string): number {
  const text = request.headers[name];
  const value = typeof text === 'string' && /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw missing(`The header ${name} has to be a whole number of bytes.`);
  return value;
}

/** `key base64, key base64` of the creation extension. */
export function readMetadata(header: string | string[] | undefined): Map<string, string> {
  const values = new Map<string, string>();
  for (const pair of typeof header === 'string' ? header.split(',') : []) {
    const [key, value = ''] = pair.trim().split(' ');
    if (key) values.set(key, Buffer.from(value, 'base64').toString('utf8'));
  }
  return values;
}

function readChecksum(header: string | string[] | undefined) {
  if (typeof header !== 'string') return undefined;
  const [name, value = ''] = header.trim().split(' ');
  const algorithm = algorithms.find((each) => each === name);
  if (!algorithm) throw missing(`Upload-Checksum takes ${algorithms.join(', ')}.`);
  return { algorithm, digest: Buffer.from(value, 'base64') };
}
