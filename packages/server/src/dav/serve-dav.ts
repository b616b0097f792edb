/** WebDAV, classes 1 and 2 (RFC 4918), over the drive: Finder, Explorer and rclone mount it. Each change is one of the drive's own. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DriveActor } from '@myriad/builtin/drive';
import { asMyriadError, MyriadError, newId, type Subject } from '@myriad/contracts';
import { driveActor } from '../drive/drive-actor.ts';
import { sendContent } from '../drive/send-content.ts';
import type { House } from '../house.ts';
import { identityOf } from '../http/identity.ts';
import { readBody } from '../http/read-body.ts';
import { ifHolds } from './dav-if.ts';
import { type DavLocks, davLocks } from './dav-locks.ts';
import { type DavPlace, davHref, davRoot, findDavPlace, readDavPath, sharedNodes } from './dav-tree.ts';
import {
  activeLock,
  type DavResource,
  multistatusHead,
  multistatusTail,
  proppatchAnswer,
  readLockInfo,
  readPropfind,
  readProppatch,
  responseOf,
} from './dav-xml.ts';

interface Exchange {
  readonly house: House;
  readonly actor: DriveActor;
  readonly locks: DavLocks;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly segments: readonly string[];
}

const methods = [
  'OPTIONS',
  'GET',
  'HEAD',
  'PUT',
  'DELETE',
  'MKCOL',
  'COPY',
  'MOVE',
  'PROPFIND',
  'PROPPATCH',
  'LOCK',
  'UNLOCK',
];
const xmlType = { 'content-type': 'application/xml; charset=utf-8' };
const largestXml = 256 * 1024;
const longestLockSeconds = 3_600;

export const isDav = (url: string): boolean => url === davRoot || url.startsWith(`${davRoot}/`);

export function serveDav(house: House): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const locks = davLocks(house.clock, house.random);
  return async (request, response) => {
    const requestId = newId('evt', house.clock, house.random);
    try {
      if (request.method === 'OPTIONS') {
        response
          .writeHead(200, { dav: '1, 2', allow: methods.join(', '), 'ms-author-via': 'DAV', 'content-length': 0 })
          .end();
        return;
      }
      const handler = handlers[request.method ?? ''];
      if (!handler) throw new MyriadError('method_not_allowed', `WebDAV here knows ${methods.join(', ')}.`);
      const actor = driveActor(house, await authenticate(house, request));
      // Clients send no fragment; one that does means something else than it says.
      if (request.url?.includes('#')) throw new MyriadError('invalid_request', 'A path has no fragment.');
      const path = new URL(request.url ?? '/', 'http://node').pathname;
      await handler({ house, actor, locks, request, response, segments: readDavPath(path) });
    } catch (thrown) {
      fail(house, request, response, thrown, requestId);
    }
  };
}

/** An app password: a key that may use the drive, given as the password of HTTP Basic. The name beside it says nothing. */
async function authenticate(house: House, request: IncomingMessage): Promise<Subject> {
  const [, encoded = ''] = /^Basic +(.+)$/i.exec(request.headers.authorization ?? '') ?? [];
  const password = Buffer.from(encoded, 'base64').toString('utf8').split(/:(.*)/s)[1] ?? '';
  const bearer = /^Bearer /i.test(request.headers.authorization ?? '') ? request.headers.authorization : null;
  if (password === '' && !bearer)
    throw new MyriadError('unauthenticated', 'Send a key that may use the drive as the password.');
  // A cookie is never enough here: another site's page could send it along.
  const identity = { ...identityOf(request.headers, request.socket.remoteAddress ?? ''), cookie: null, apiKey: null };
  const subject = await house.org.authenticate({ ...identity, authorization: bearer ?? `Bearer ${password}` });
  if (subject.kind !== 'key') throw new MyriadError('unauthenticated', 'WebDAV takes a key, no session.');
  return subject;
}

function fail(
  house: House,
  request: IncomingMessage,
  response: ServerResponse,
  thrown: unknown,
  requestId: string,
): void {
  const error = asMyriadError(thrown);
  if (error.class.kind === 'fault')
    house.log('error', 'dav_failed', {
      requestId,
      method: request.method,
      code: error.code,
      cause: String((error.cause as Error | undefined)?.stack ?? error.cause ?? error.message),
    });
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const status = error.facts.status;
  const body = Buffer.from(`${error.message}\n`);
  response.writeHead(typeof status === 'number' ? status : error.class.status, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': body.length,
    'x-request-id': requestId,
    ...(error.class.status === 401 ? { 'www-authenticate': 'Basic realm="Myriad Drive", charset="UTF-8"' } : {}),
    ...(request.complete ? {} : { connection: 'close' }),
  });
  response.end(body);
}

/** A refusal with the status that RFC 4918 gives this case. */
const refuse = (status: number, message: string): MyriadError =>
  new MyriadError(status === 423 ? 'locked' : status === 404 ? 'not_found' : 'conflict', message, {
    facts: { status },
  });

const key = (segments: readonly string[]): string => `/${segments.join('/')}`;
const find = ({ house, actor, segments }: Exchange): Promise<DavPlace> => findDavPlace(house, actor, segments);

async function existing(exchange: Exchange): Promise<DavPlace> {
  const place = await find(exchange);
  if (place.kind === 'missing') throw refuse(404, 'There is nothing at this path.');
  return place;
}

/** Tokens that the client says it holds, in `If` or `Lock-Token`. */
const tokensOf = ({ headers }: IncomingMessage): readonly string[] =>
  [...`${headers.if ?? ''} ${headers['lock-token'] ?? ''}`.matchAll(/<(opaquelocktoken:[^>]+)>/g)].map(
    ([, token]) => token ?? '',
  );

/** @throws 412 when the conditions of `If` do not hold, 423 while a lock is held whose token did not come. */
async function checkLocks(exchange: Exchange, segments: readonly string[], deep = false): Promise<void> {
  const { house, request, locks, actor } = exchange;
  const header = request.headers.if;
  if (typeof header === 'string') {
    const { node } = await findDavPlace(house, actor, exchange.segments);
    const own = key(exchange.segments);
    const state = (path: string) => ({
      tokens: locks.covering(path).map(({ token }) => token),
      etag: path === own && node?.contentHash ? `"${node.contentHash}"` : null,
    });
    if (!ifHolds(header, own, state)) throw refuse(412, 'The conditions of the request do not hold.');
  }
  if (!locks.allows(key(segments), tokensOf(request), actor.id, deep)) throw refuse(423, 'It is locked.');
}

type Handler = (exchange: Exchange) => Promise<void>;

const end = (response: ServerResponse, status: number, headers: Readonly<Record<string, string>> = {}): void => {
  response.writeHead(status, { 'content-length': '0', ...headers }).end();
};

const send: Handler = async (exchange) => {
  const { node } = await existing(exchange);
  if (node?.kind !== 'file' || node.contentHash === null)
    throw refuse(405, 'A folder has no bytes. Ask with PROPFIND.');
  const { name, mediaType, sizeBytes, contentHash, updatedAt } = node;
  await sendContent(exchange.house, exchange.request, exchange.response, {
    name,
    mediaType,
    sizeBytes,
    contentHash,
    modifiedAt: updatedAt,
    inline: false,
    ranges: true,
  });
};

const put: Handler = async (exchange) => {
  const { house, actor, request, response, segments } = exchange;
  const place = await find(exchange);
  if (place.kind === 'virtual' || place.node?.kind === 'folder')
    throw refuse(405, 'A folder cannot be written as a file.');
  if (place.parentId === null) throw refuse(409, 'The folder for it is missing.');
  await checkLocks(exchange, segments);
  const { headers } = request;
  if (headers['content-range']) throw new MyriadError('invalid_request', 'Parts of a file are not taken by PUT.');
  if (headers['if-none-match'] === '*' && place.node) throw refuse(412, 'It is there already.');
  const wanted = headers['if-match'];
  if (wanted && wanted !== '*' && wanted !== `"${place.node?.contentHash}"`)
    throw refuse(412, 'It has changed meanwhile.');
  const expected = Number(headers['content-length'] ?? headers['x-expected-entity-length'] ?? 0);
  const target = { parentId: place.parentId, name: segments.at(-1) ?? '' };
  // What will not fit is refused before it is sent.
  if (Number.isFinite(expected)) await house.drive.files.check(actor, target, expected);
  const node = await house.drive.files.write(actor, target, request);
  end(response, place.node ? 204 : 201, { etag: `"${node.contentHash}"` });
};

const makeFolder: Handler = async (exchange) => {
  const { house, actor, request, response, segments } = exchange;
  if ((await readBody(request, largestXml)).length > 0)
    throw new MyriadError('unsupported_media_type', 'A folder is made without a body.');
  const place = await find(exchange);
  if (place.kind !== 'missing') throw refuse(405, 'It is there already.');
  if (place.parentId === null) throw refuse(409, 'The folder for it is missing.');
  await checkLocks(exchange, segments);
  await house.drive.tree.createFolder(actor, place.parentId, segments.at(-1) ?? '');
  end(response, 201);
};

const remove: Handler = async (exchange) => {
  const { house, actor, response, segments, locks } = exchange;
  const { node } = await existing(exchange);
  if (!node || node.parentId === null) throw new MyriadError('forbidden', 'This folder stays.');
  await checkLocks(exchange, segments, true);
  await house.drive.tree.trash(actor, node.id);
  locks.forget(key(segments));
  end(response, 204);
};

function destinationOf(request: IncomingMessage): readonly string[] {
  const header = request.headers.destination;
  if (typeof header !== 'string') throw new MyriadError('invalid_request', 'The header Destination is missing.');
  const url = new URL(header, 'http://node');
  const host = request.headers.host;
  if (/^https?:/i.test(header) && host && url.host !== host)
    throw new MyriadError('upstream_unavailable', 'The destination is on another server.');
  if (!isDav(url.pathname)) throw new MyriadError('upstream_unavailable', 'The destination is not of this drive.');
  return readDavPath(url.pathname);
}

const carry =
  (how: 'copy' | 'move'): Handler =>
  async (exchange) => {
    const { house, actor, request, response, segments, locks } = exchange;
    const { tree } = house.drive;
    const { node } = await existing(exchange);
    if (!node || node.parentId === null) throw new MyriadError('forbidden', 'This folder stays.');
    const to = destinationOf(request);
    if (key(to) === key(segments)) throw new MyriadError('forbidden', 'It is there already.');
    if (`${key(to)}/`.startsWith(`${key(segments)}/`)) throw refuse(409, 'A folder cannot be put inside itself.');
    const target = await findDavPlace(house, actor, to);
    if (target.kind === 'virtual') throw new MyriadError('forbidden', 'This folder stays.');
    if (target.kind === 'missing' && target.parentId === null) throw refuse(409, 'The folder for it is missing.');
    if (how === 'move') await checkLocks(exchange, segments, true);
    await checkLocks(exchange, to, true);
    if (target.node && request.headers.overwrite === 'F') throw refuse(412, 'There is something already.');
    const name = to.at(-1) ?? '';
    const parentId = target.parentId ?? '';
    if (target.node) await tree.trash(actor, target.node.id);
    if (how === 'move') await tree.move(actor, node.id, parentId, name);
    else if (node.kind === 'folder' && request.headers.depth === '0') await tree.createFolder(actor, parentId, name);
    else await tree.copy(actor, node.id, parentId, name);
    if (how === 'move') locks.forget(key(segments));
    end(response, target.node ? 204 : 201);
  };

const propfind: Handler = async (exchange) => {
  const { house, actor, request, response, segments, locks } = exchange;
  const place = await existing(exchange);
  const { depth } = request.headers;
  if (depth !== '0' && depth !== '1') {
    const body = '<?xml version="1.0" encoding="utf-8"?>\n<D:error xmlns:D="DAV:"><D:propfind-finite-depth/></D:error>';
    response.writeHead(403, xmlType).end(body);
    return;
  }
  const wanted = readPropfind((await readBody(request, largestXml)).toString('utf8'));
  const quota = place.drive
    ? {
        usedBytes: place.drive.usedBytes,
        leftBytes: Math.max(0, (await house.drive.nodes.quotaOf(place.drive)) - place.drive.usedBytes),
      }
    : null;
  const resource = (at: readonly string[], node: DavPlace['node']): DavResource => {
    const isFolder = node === null || node.kind === 'folder';
    return {
      href: davHref(at, isFolder),
      name: at.at(-1) ?? 'Myriad',
      isFolder,
      mediaType: node?.mediaType ?? '',
      sizeBytes: node?.sizeBytes ?? 0,
      contentHash: node?.contentHash ?? null,
      createdAt: node?.createdAt ?? house.startedAt,
      updatedAt: node?.updatedAt ?? house.startedAt,
      quota: isFolder ? quota : null,
      locks: locks.covering(key(at)),
    };
  };
  response.writeHead(207, xmlType);
  response.write(multistatusHead + responseOf(resource(segments, place.node), wanted));
  if (depth === '1') {
    for await (const [name, node] of childrenOf(house, actor, place)) {
      // A folder of a million files is written as fast as the client reads, never held whole.
      if (!response.write(responseOf(resource([...segments, name], node), wanted)))
        await new Promise<void>((resume) => {
          response.once('drain', resume);
          response.once('close', resume);
        });
      if (response.destroyed) return;
    }
  }
  response.end(multistatusTail);
};

async function* childrenOf(
  house: House,
  actor: DriveActor,
  place: DavPlace,
): AsyncGenerator<readonly [string, DavPlace['node']]> {
  if (place.kind === 'virtual') {
    if (place.segments.length === 0) for (const name of ['files', 'house', 'shared']) yield [name, null];
    else for (const node of await sharedNodes(house, actor)) yield [node.name, node];
    return;
  }
  if (place.node?.kind !== 'folder') return;
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof house.store.drive.list>> = await house.store.drive.list({
      parentId: place.node.id,
      limit: 500,
      cursor,
    });
    for (const node of page.items) yield [node.name, node];
    cursor = page.nextCursor;
  } while (cursor !== null);
}

const proppatch: Handler = async (exchange) => {
  const { request, response, segments } = exchange;
  const place = await existing(exchange);
  await checkLocks(exchange, segments);
  const names = readProppatch((await readBody(request, largestXml)).toString('utf8'));
  response.writeHead(207, xmlType).end(proppatchAnswer(davHref(segments, place.node?.kind !== 'file'), names));
};

const lock: Handler = async (exchange) => {
  const { house, actor, locks, request, response, segments } = exchange;
  const body = (await readBody(request, largestXml)).toString('utf8');
  const asked = Number(/Second-(\d+)/i.exec(String(request.headers.timeout ?? ''))?.[1] ?? longestLockSeconds);
  const timeoutSeconds = Math.min(Math.max(1, asked), longestLockSeconds);
  const path = key(segments);
  let place = await find(exchange);
  const answer = (held: Parameters<typeof activeLock>[0], status: number) => {
    const href = davHref(segments, place.node?.kind === 'folder');
    response.writeHead(status, { ...xmlType, ...(body === '' ? {} : { 'lock-token': `<${held.token}>` }) });
    response.end(
      `<?xml version="1.0" encoding="utf-8"?>\n<D:prop xmlns:D="DAV:"><D:lockdiscovery>${activeLock(held, href)}</D:lockdiscovery></D:prop>`,
    );
  };
  if (body.trim() === '') {
    const held = locks.refresh(path, tokensOf(request), timeoutSeconds);
    if (!held) throw refuse(412, 'There is no such lock to hold on to.');
    return answer(held, 200);
  }
  const { shared, owner } = readLockInfo(body);
  if (place.kind === 'virtual') throw new MyriadError('forbidden', 'This folder stays as it is.');
  if (place.kind === 'missing' && place.parentId === null) throw refuse(409, 'The folder for it is missing.');
  await house.drive.nodes.require(actor, place.node?.id ?? place.parentId ?? '', 'drive.write');
  const deep = request.headers.depth !== '0';
  const held = locks.take({ path, ownerId: actor.id, owner, deep, shared, timeoutSeconds });
  if (!held) throw refuse(423, 'It is locked.');
  const isNew = place.kind === 'missing';
  if (isNew) {
    // A name is kept by an empty file (RFC 4918, 7.3).
    await house.drive.files.write(actor, { parentId: place.parentId ?? '', name: segments.at(-1) ?? '' }, empty());
    place = await find(exchange);
  }
  return answer(held, isNew ? 201 : 200);
};

async function* empty(): AsyncGenerator<Uint8Array> {}

const unlock: Handler = async ({ actor, locks, request, response, segments }) => {
  const token = /^<(.+)>$/.exec(String(request.headers['lock-token'] ?? ''))?.[1] ?? '';
  if (!locks.release(key(segments), token, actor.id)) throw refuse(409, 'There is no such lock of yours here.');
  end(response, 204);
};

const handlers: Readonly<Record<string, Handler>> = {
  GET: send,
  HEAD: send,
  PUT: put,
  MKCOL: makeFolder,
  DELETE: remove,
  COPY: carry('copy'),
  MOVE: carry('move'),
  PROPFIND: propfind,
  PROPPATCH: proppatch,
  LOCK: lock,
  UNLOCK: unlock,
};
