/** The XML of WebDAV (RFC 4918), as far as clients ask and this server answers. */
import { MyriadError } from '@myriad/contracts';
import { DOMParser } from '@xmldom/xmldom';
import type { DavLock } from './dav-locks.ts';

export interface DavResource {
  /** Encoded path, with a slash at its end for a folder. */
  readonly href: string;
  readonly name: string;
  readonly isFolder: boolean;
  readonly mediaType: string;
  readonly sizeBytes: number;
  readonly contentHash: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly quota: { readonly usedBytes: number; readonly leftBytes: number } | null;
  readonly locks: readonly DavLock[];
}

export interface DavName {
  readonly namespace: string;
  readonly name: string;
}

const dav = 'DAV:';
const malformed = () => new MyriadError('invalid_request', 'The body is not XML that WebDAV knows.');

export const escapeXml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 cannot hold them
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '');

function parse(text: string) {
  // Entities of one's own are how XML is made to eat memory; nothing here needs any.
  if (/<!DOCTYPE|<!ENTITY/i.test(text)) throw malformed();
  let fault = false;
  const note = () => {
    fault = true;
  };
  try {
    const document = new DOMParser({
      errorHandler: { warning: () => {}, error: note, fatalError: note },
    }).parseFromString(text, 'text/xml');
    const root = document?.documentElement;
    if (!root || fault) throw malformed();
    return root;
  } catch {
    throw malformed();
  }
}

const childrenOf = (element: Element): Element[] =>
  Array.from(element.childNodes).filter((node): node is Element => node.nodeType === 1);

const nameOf = (element: Element): DavName => ({
  namespace: element.namespaceURI ?? '',
  name: element.localName ?? '',
});

/** Properties asked for; null for all of them. */
export function readPropfind(text: string): { readonly names: readonly DavName[] | null; readonly namesOnly: boolean } {
  if (text.trim() === '') return { names: null, namesOnly: false };
  const root = parse(text);
  if (root.localName !== 'propfind') throw malformed();
  for (const child of childrenOf(root)) {
    if (child.localName === 'prop') {
      const names = childrenOf(child).map(nameOf);
      if (names.some(({ namespace }) => namespace === '') && /xmlns:\w+=""/.test(text)) throw malformed();
      return { names, namesOnly: false };
    }
    if (child.localName === 'propname') return { names: null, namesOnly: true };
  }
  return { names: null, namesOnly: false };
}

/** Properties that a PROPPATCH sets or removes, in order. */
export function readProppatch(text: string): readonly DavName[] {
  const root = parse(text);
  if (root.localName !== 'propertyupdate') throw malformed();
  return childrenOf(root).flatMap((action) =>
    childrenOf(action)
      .filter(({ localName }) => localName === 'prop')
      .flatMap((prop) => childrenOf(prop).map(nameOf)),
  );
}

export function readLockInfo(text: string): { readonly shared: boolean; readonly owner: string } {
  const root = parse(text);
  if (root.localName !== 'lockinfo') throw malformed();
  const scope = childrenOf(root).find(({ localName }) => localName === 'lockscope');
  const owner = childrenOf(root).find(({ localName }) => localName === 'owner');
  return {
    shared: scope ? childrenOf(scope).some(({ localName }) => localName === 'shared') : false,
    owner: escapeXml((owner?.textContent ?? '').trim().slice(0, 500)),
  };
}

export function activeLock(lock: DavLock, href: string): string {
  return `<D:activelock><D:locktype><D:write/></D:locktype><D:lockscope>${lock.shared ? '<D:shared/>' : '<D:exclusive/>'}</D:lockscope><D:depth>${lock.deep ? 'infinity' : '0'}</D:depth><D:owner>${lock.owner}</D:owner><D:timeout>Second-${lock.timeoutSeconds}</D:timeout><D:locktoken><D:href>${lock.token}</D:href></D:locktoken><D:lockroot><D:href>${escapeXml(href)}</D:href></D:lockroot></D:activelock>`;
}

const supportedLock =
  '<D:lockentry><D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/></D:locktype></D:lockentry><D:lockentry><D:lockscope><D:shared/></D:lockscope><D:locktype><D:write/></D:locktype></D:lockentry>';

/** Value of each live property, or null where the resource has none. */
const live: Readonly<Record<string, (resource: DavResource) => string | null>> = {
  displayname: ({ name }) => escapeXml(name),
  resourcetype: ({ isFolder }) => (isFolder ? '<D:collection/>' : ''),
  getcontentlength: ({ isFolder, sizeBytes }) => (isFolder ? null : String(sizeBytes)),
  getcontenttype: ({ isFolder, mediaType }) => (isFolder ? null : escapeXml(mediaType)),
  getetag: ({ contentHash }) => (contentHash === null ? null : `"${contentHash}"`),
  getlastmodified: ({ updatedAt }) => new Date(updatedAt).toUTCString(),
  creationdate: ({ createdAt }) => new Date(createdAt).toISOString(),
  supportedlock: () => supportedLock,
  lockdiscovery: ({ locks, href }) => locks.map((lock) => activeLock(lock, href)).join(''),
  'quota-used-bytes': ({ quota }) => (quota ? String(quota.usedBytes) : null),
  'quota-available-bytes': ({ quota }) => (quota ? String(quota.leftBytes) : null),
};

const element = ({ namespace, name }: DavName, value: string): string =>
  namespace === dav
    ? `<D:${name}>${value}</D:${name}>`
    : namespace === ''
      ? `<${name} xmlns="">${value}</${name}>`
      : `<X:${name} xmlns:X="${escapeXml(namespace)}">${value}</X:${name}>`;

const propstat = (content: string, status: string): string =>
  content === '' ? '' : `<D:propstat><D:prop>${content}</D:prop><D:status>HTTP/1.1 ${status}</D:status></D:propstat>`;

export function responseOf(resource: DavResource, wanted: ReturnType<typeof readPropfind>): string {
  const names = wanted.names ?? Object.keys(live).map((name) => ({ namespace: dav, name }));
  let found = '';
  let missing = '';
  for (const name of names) {
    const value = name.namespace === dav ? (live[name.name]?.(resource) ?? null) : null;
    if (value !== null) found += element(name, wanted.namesOnly ? '' : value);
    else if (wanted.names) missing += element(name, '');
  }
  const body = propstat(found, '200 OK') + propstat(missing, '404 Not Found');
  return `<D:response><D:href>${escapeXml(resource.href)}</D:href>${body || propstat('<D:displayname/>', '404 Not Found')}</D:response>`;
}

/** What Explorer and some tools set and never read again is let pass; everything else is refused, and nothing is kept. */
export function proppatchAnswer(href: string, names: readonly DavName[]): string {
  const passes = ({ namespace, name }: DavName) => /^Win32/.test(name) || namespace === 'urn:schemas-microsoft-com:';
  const all = names.every(passes);
  const status = (name: DavName) => (all ? '200 OK' : passes(name) ? '424 Failed Dependency' : '403 Forbidden');
  const stats = names.map((name) => propstat(element(name, ''), status(name))).join('');
  return multistatus(`<D:response><D:href>${escapeXml(href)}</D:href>${stats}</D:response>`);
}

export const multistatusHead = '<?xml version="1.0" encoding="utf-8"?>\n<D:multistatus xmlns:D="DAV:">';
export const multistatusTail = '</D:multistatus>';
const multistatus = (content: string): string => multistatusHead + content + multistatusTail;
