/** The drive's routes that carry bytes, on raw node:http: nothing of a file is ever whole in memory. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { asMyriadError, MyriadError, newId } from '@myriad/contracts';
import type { House } from '../house.ts';
import { sendProblem } from '../http/problem.ts';
import { driveActor, transferSubject } from './drive-actor.ts';
import { answerTusOptions, receiveTus } from './receive-tus.ts';
import { sendContent } from './send-content.ts';

const uploads = /^\/api\/drive\/uploads(?:\/([\w-]+))?$/;
const nodeContent = /^\/api\/drive\/nodes\/([\w-]+)\/content$/;
const linkContent = /^\/api\/open\/links\/([\w-]+)\/content$/;
const putContent = '/api/drive/content';

/** Walked by tests as nobody and as a foreigner. */
export const transferRoutes = [
  'POST /api/drive/uploads',
  'HEAD /api/drive/uploads/:id',
  'PATCH /api/drive/uploads/:id',
  'DELETE /api/drive/uploads/:id',
  'GET /api/drive/nodes/:id/content',
  'PUT /api/drive/content',
] as const;

export function isDriveTransfer(method: string, url: string): boolean {
  const path = url.split('?', 1)[0] ?? '';
  if (uploads.test(path)) return true;
  if (path === putContent) return method === 'PUT';
  return (method === 'GET' || method === 'HEAD') && (nodeContent.test(path) || linkContent.test(path));
}

export async function transferDrive(house: House, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const requestId = newId('evt', house.clock, house.random);
  response.setHeader('x-request-id', requestId);
  try {
    await route(house, request, response);
  } catch (thrown) {
    const error = asMyriadError(thrown);
    if (error.class.kind === 'fault')
      house.log('error', 'transfer_failed', {
        requestId,
        method: request.method,
        code: error.code,
        cause: String((error.cause as Error | undefined)?.stack ?? error.cause ?? error.message),
      });
    // What the sender still has on its way is not read to its end only to be thrown away.
    if (!request.complete) response.setHeader('connection', 'close');
    if (uploads.test((request.url ?? '').split('?', 1)[0] ?? '')) response.setHeader('tus-resumable', '1.0.0');
    sendProblem(response, error, requestId);
  }
}

async function route(house: House, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://node');
  const link = linkContent.exec(url.pathname);
  if (link) return sendLinked(house, request, response, link[1] ?? '', url.searchParams);
  const tus = uploads.exec(url.pathname);
  if (tus && request.method === 'OPTIONS') return answerTusOptions(house, response);
  const actor = driveActor(house, await transferSubject(house, request));
  if (tus) return receiveTus(house, actor, request, response, tus[1] ?? null);
  if (url.pathname === putContent) {
    const target = {
      parentId: url.searchParams.get('parent') ?? '',
      name: url.searchParams.get('name') ?? '',
      onTaken: onTaken(url.searchParams.get('taken')),
    };
    const node = await house.drive.files.write(actor, target, request);
    const place = await house.drive.nodes.require(actor, node.id, 'drive.read');
    const bytes = Buffer.from(JSON.stringify(await house.drive.answers.one(actor, place)));
    response.writeHead(201, { 'content-type': 'application/json; charset=utf-8', 'content-length': bytes.length });
    response.end(bytes);
    return;
  }
  const [, id = ''] = nodeContent.exec(url.pathname) ?? [];
  const { node } = await house.drive.nodes.require(actor, id, 'drive.read');
  const number = Number(url.searchParams.get('version') ?? node.version);
  const version = (await house.store.drive.versions(id)).find((each) => each.number === number);
  if (!version) throw new MyriadError('not_found', 'There is no such version.');
  await sendContent(house, request, response, {
    name: node.name,
    mediaType: node.mediaType,
    sizeBytes: version.sizeBytes,
    contentHash: version.contentHash,
    modifiedAt: version.createdAt,
    inline: !url.searchParams.has('download'),
    ranges: true,
  });
}

/** A file by a link: counted once for each time that it is sent, and whole where the count is limited. */
async function sendLinked(
  house: House,
  request: IncomingMessage,
  response: ServerResponse,
  token: string,
  query: URLSearchParams,
): Promise<void> {
  const { link, node: top } = await house.drive.sharing.openLink(token);
  if (!house.drive.sharing.holdsTicket(link, query.get('ticket') ?? undefined))
    throw new MyriadError('forbidden', 'This link asks for a password.');
  const node = await house.drive.sharing.within(link, query.get('node') ?? top.id);
  if (node?.kind !== 'file' || node.contentHash === null)
    throw new MyriadError('not_found', 'There is no such file behind this link.');
  const whole = link.maxDownloads !== null;
  const counts = whole || !/^bytes=[1-9]/.test(request.headers.range ?? '');
  await sendContent(
    house,
    request,
    response,
    {
      name: node.name,
      mediaType: node.mediaType,
      sizeBytes: node.sizeBytes,
      contentHash: node.contentHash,
      modifiedAt: node.updatedAt,
      inline: !query.has('download'),
      ranges: !whole,
    },
    async () => {
      if (counts && !(await house.store.drive.countDownload(link.id, house.clock.now())))
        throw new MyriadError('forbidden', 'This link has been used as often as it may be.');
    },
  );
}

function onTaken(text: string | null): 'version' | 'number' | 'refuse' {
  if (text === null || text === 'version') return 'version';
  if (text === 'number' || text === 'refuse') return text;
  throw new MyriadError('invalid_request', 'taken: expected `version`, `number` or `refuse`.');
}
