/** Sharing with people and groups, which reaches down folders, and links for whoever has them. */
import { createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import {
  type DriveLink,
  type DriveLinkAnswer,
  type DriveNode,
  type DriveRole,
  MyriadError,
  newId,
  type SharingAnswer,
} from '@myriad/contracts';
import type { DriveActor, DriveParts } from './drive-parts.ts';
import type { FindNodes } from './find-nodes.ts';
import { type IndexFiles, markReaders } from './index-files.ts';

export interface LinkWish {
  readonly password?: string | undefined;
  readonly expiresAt?: number | null | undefined;
  readonly maxDownloads?: number | null | undefined;
}

export interface ShareNodes {
  sharing(actor: DriveActor, id: string): Promise<SharingAnswer>;
  /** `null` takes the share away. */
  share(actor: DriveActor, id: string, principal: string, role: DriveRole | null): Promise<SharingAnswer>;
  createLink(actor: DriveActor, id: string, wish: LinkWish): Promise<DriveLinkAnswer>;
  revokeLink(actor: DriveActor, linkId: string): Promise<void>;
  /** The link of a token, while it holds. @throws `not_found`, whatever the reason that it does not. */
  openLink(token: string): Promise<{ readonly link: DriveLink; readonly node: DriveNode }>;
  /** A ticket for a link with a password. @throws `forbidden`, `rate_limited`. */
  unlock(token: string, password: string): Promise<string>;
  holdsTicket(link: DriveLink, ticket: string | undefined): boolean;
  /** Whether a node is the link's own or below it. */
  within(link: DriveLink, nodeId: string): Promise<DriveNode | null>;
}

const ticketMs = 12 * 3_600_000;
const triesPerWindow = 10;
const windowMs = 15 * 60_000;

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

const derive = (password: string, salt: Buffer): Promise<Buffer> =>
  new Promise((resolve, reject) => scrypt(password, salt, 32, (error, key) => (error ? reject(error) : resolve(key))));

async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  return `scrypt:${salt.toString('base64url')}:${(await derive(password, salt)).toString('base64url')}`;
}

async function fits(password: string, kept: string): Promise<boolean> {
  const [, salt = '', key = ''] = kept.split(':');
  const expected = Buffer.from(key, 'base64url');
  const got = await derive(password, Buffer.from(salt, 'base64url'));
  return got.length === expected.length && timingSafeEqual(got, expected);
}

export function shareNodes(
  parts: DriveParts & { readonly publicUrl: () => string },
  nodes: FindNodes,
  indexing: IndexFiles,
): ShareNodes {
  const { store, clock, random } = parts;
  const { drive: drives } = store;
  // Tickets live in memory: after a restart the password is asked for again.
  const tickets = new Map<string, { readonly linkId: string; readonly until: number }>();
  const attempts = new Map<string, { times: number; since: number }>();

  const answerOf = ({ tokenHash: _hash, passwordHash, ...link }: DriveLink, url: string | null): DriveLinkAnswer => ({
    ...link,
    hasPassword: passwordHash !== null,
    url,
  });

  const sharing: ShareNodes['sharing'] = async (actor, id) => {
    const place = await nodes.require(actor, id, 'drive.share');
    const names = new Map(place.path.map((node) => [node.id, node.name]));
    return {
      shares: place.shares.map((share) => ({
        ...share,
        inheritedFrom: share.nodeId === id ? null : { id: share.nodeId, name: names.get(share.nodeId) ?? '' },
      })),
      links: (await drives.links(id)).filter(({ revokedAt }) => revokedAt === null).map((link) => answerOf(link, null)),
    };
  };

  const audit = (actor: DriveActor, action: string, object: string, detail: Readonly<Record<string, unknown>>) =>
    store.audit.append({ time: clock.now(), actor: actor.id, action, object, detail });

  const openLink: ShareNodes['openLink'] = async (token) => {
    const gone = new MyriadError(
      'not_found',
      'This link does not open anything. It may have expired or been taken back.',
    );
    const link = await drives.linkByHash(hashOf(token));
    if (!link || link.revokedAt !== null || (link.expiresAt !== null && link.expiresAt <= clock.now())) throw gone;
    const node = await drives.node(link.nodeId);
    if (!node || node.trashedAt !== null) throw gone;
    return { link, node };
  };

  return {
    sharing,
    async share(actor, id, principal, role) {
      const { node } = await nodes.require(actor, id, 'drive.share');
      if (node.trashedAt !== null) throw new MyriadError('conflict', 'It is in the trash. Take it back first.');
      await checkPrincipal(parts, principal);
      if (node.kind === 'folder') await markReaders(parts, id);
      if (role === null) await drives.deleteShare(id, principal);
      else {
        const share = { id: newId('shr', clock, random), nodeId: id, principal, role };
        await drives.saveShare({ ...share, createdAt: clock.now(), createdBy: actor.id });
      }
      if (node.kind === 'folder') await indexing.syncReaders(id);
      await audit(actor, role === null ? 'drive.unshare' : 'drive.share', id, { principal, role });
      return sharing(actor, id);
    },
    async createLink(actor, id, { password, expiresAt = null, maxDownloads = null }) {
      const { node } = await nodes.require(actor, id, 'drive.share');
      if (node.trashedAt !== null) throw new MyriadError('conflict', 'It is in the trash. Take it back first.');
      if (expiresAt !== null && expiresAt <= clock.now())
        throw new MyriadError('invalid_request', 'A link cannot expire in the past.', {
          facts: { field: 'expiresAt' },
        });
      const token = Buffer.from(random.bytes(24)).toString('base64url');
      const link: DriveLink = {
        id: newId('lnk', clock, random),
        nodeId: id,
        tokenHash: hashOf(token),
        passwordHash: password === undefined ? null : await hashPassword(password),
        expiresAt,
        maxDownloads,
        downloads: 0,
        revokedAt: null,
        createdAt: clock.now(),
        createdBy: actor.id,
      };
      await drives.saveLink(link);
      await audit(actor, 'drive.link', id, {
        linkId: link.id,
        expiresAt,
        maxDownloads,
        password: password !== undefined,
      });
      return answerOf(link, `${parts.publicUrl()}/s/${token}`);
    },
    async revokeLink(actor, linkId) {
      const link = await drives.link(linkId);
      if (!link) throw new MyriadError('not_found', 'There is no such link.');
      await nodes.require(actor, link.nodeId, 'drive.share');
      await drives.revokeLink(linkId, clock.now());
      await audit(actor, 'drive.unlink', link.nodeId, { linkId });
    },
    openLink,
    async unlock(token, password) {
      const { link } = await openLink(token);
      const now = clock.now();
      const tried = attempts.get(link.id);
      const count = tried && now - tried.since < windowMs ? tried : { times: 0, since: now };
      if (count.times >= triesPerWindow)
        throw new MyriadError('rate_limited', 'Too many wrong passwords. Wait a quarter of an hour.', {
          retryAfterMs: count.since + windowMs - now,
        });
      attempts.set(link.id, { ...count, times: count.times + 1 });
      if (link.passwordHash !== null && !(await fits(password, link.passwordHash)))
        throw new MyriadError('forbidden', 'The password does not fit.');
      attempts.delete(link.id);
      for (const [kept, { until }] of tickets) if (until < now) tickets.delete(kept);
      const ticket = Buffer.from(random.bytes(24)).toString('base64url');
      tickets.set(ticket, { linkId: link.id, until: now + ticketMs });
      return ticket;
    },
    holdsTicket(link, ticket) {
      if (link.passwordHash === null) return true;
      const kept = ticket === undefined ? undefined : tickets.get(ticket);
      return kept !== undefined && kept.linkId === link.id && kept.until > clock.now();
    },
    async within(link, nodeId) {
      const path = await drives.ancestors(nodeId);
      const [node] = path;
      const reached = path.some(({ id }) => id === link.nodeId);
      return node && reached && node.trashedAt === null ? node : null;
    },
  };
}

/** @throws MyriadError `invalid_request` for someone who does not exist: a share that nobody holds helps no one. */
async function checkPrincipal({ store }: DriveParts, principal: string): Promise<void> {
  const [kind, name = ''] = principal.split(/:(.*)/s);
  const known =
    principal === 'everyone' ||
    (kind === 'person' && (await store.org.person(name)) !== null) ||
    (kind === 'group' && (await store.org.groups()).some((group) => group.name === name));
  if (!known)
    throw new MyriadError('invalid_request', `There is nobody by the name ${principal.slice(0, 140)}.`, {
      facts: { field: 'principal' },
    });
}
