/** Files and folders of the drive, as JSON. Bytes go by `drive/transfer-drive.ts`. */
import type { DriveActor } from '@myriad/builtin/drive';
import {
  asMyriadError,
  type Conversation,
  type ConversationDetail,
  type DriveDetail,
  type DriveFolderAnswer,
  type DrivesAnswer,
  MyriadError,
  newId,
  type OpenLinkAnswer,
} from '@myriad/contracts';
import { Hono } from 'hono';
import { z } from 'zod';
import { driveActor } from '../drive/drive-actor.ts';
import { appObject, findApp } from '../find-app.ts';
import type { House } from '../house.ts';
import {
  type AdminContext,
  type AdminEnv,
  found,
  given,
  need,
  needHidden,
  pageOf,
  pageQuery,
  readJson,
  readQuery,
} from './context.ts';

const id = z.string().min(1).max(128);
const name = z.string().min(1).max(1_000);
const principal = z
  .string()
  .regex(
    /^(everyone|group:[\w.-]{1,64}|person:[\w.@+-]{1,128})$/,
    'expected `everyone`, `group:<name>` or `person:<id>`',
  );
const tag = z.string().trim().min(1).max(64);
const mostAtOnce = 1_000;
const weekDays = 7;

export function driveRoutes(house: House): Hono<AdminEnv> {
  const routes = new Hono<AdminEnv>();
  const { nodes, tree, sharing, answers, finding, indexing } = house.drive;
  const drives = house.store.drive;
  const actorOf = (c: AdminContext): DriveActor => driveActor(house, c.get('subject'));
  const param = (c: AdminContext, key = 'id') => c.req.param(key) as string;
  const answer = async (actor: DriveActor, nodeId: string) =>
    answers.one(actor, await nodes.require(actor, nodeId, 'drive.read'));
  const pathOf = (actor: DriveActor, place: Awaited<ReturnType<typeof nodes.require>>) =>
    nodes
      .visiblePath(actor, place)
      .map((node) => ({ id: node.id, name: node.name }))
      .reverse();

  routes.get('/drive', async (c) => {
    const actor = actorOf(c);
    const shares = (await drives.sharedWith(actor.principals, 200)).filter(({ createdBy }) => createdBy !== actor.id);
    const houseDrive = await nodes.houseDrive();
    const shared = await answers.scattered(actor, await drives.nodes(shares.map(({ nodeId }) => nodeId)));
    const people = new Map<string, string>();
    for (const { createdBy } of shares)
      if (!people.has(createdBy)) people.set(createdBy, (await house.store.org.person(createdBy))?.name ?? '');
    return c.json({
      own: actor.personId === null ? null : await answers.drive(actor, await nodes.driveFor(actor)),
      house: await answers.drive(actor, houseDrive),
      shared: shared
        .filter((node) => node.id !== houseDrive.rootId)
        .map((node) => {
          const own = shares.filter(({ nodeId }) => nodeId === node.id);
          const role = own.some((share) => share.role === 'editor') ? ('editor' as const) : ('viewer' as const);
          return { ...node, role, sharedBy: people.get(own[0]?.createdBy ?? '') ?? '' };
        }),
    } satisfies DrivesAnswer);
  });
  routes.get('/drive/folders/:id', async (c) => {
    const actor = actorOf(c);
    const query = readQuery(
      c,
      pageQuery.extend({
        sort: z.enum(['name', 'time', 'size', 'type']).optional(),
        order: z.enum(['asc', 'desc']).optional(),
        kind: z.enum(['folder', 'file']).optional(),
      }),
    );
    const place = await nodes.require(actor, param(c), 'drive.read');
    if (place.node.kind !== 'folder') throw new MyriadError('invalid_request', 'This is a file, not a folder.');
    const page = await drives.list({
      ...pageOf(query),
      parentId: place.node.id,
      descending: query.order === 'desc',
      ...given({ sort: query.sort, kind: query.kind }),
    });
    return c.json({
      folder: await answers.one(actor, place),
      path: pathOf(actor, place),
      items: await answers.children(actor, place, page.items),
      nextCursor: page.nextCursor,
    } satisfies DriveFolderAnswer);
  });
  routes.post('/drive/folders', async (c) => {
    const actor = actorOf(c);
    const body = await readJson(c, z.strictObject({ parentId: id, name }), 8_192);
    return c.json(await answer(actor, (await tree.createFolder(actor, body.parentId, body.name)).id), 201);
  });
  routes.get('/drive/nodes/:id', async (c) => {
    const actor = actorOf(c);
    const place = await nodes.require(actor, param(c), 'drive.read');
    return c.json({
      node: await answers.one(actor, place),
      path: pathOf(actor, place),
      versions: await drives.versions(place.node.id),
    } satisfies DriveDetail);
  });
  routes.patch('/drive/nodes/:id', async (c) => {
    const actor = actorOf(c);
    const change = await readJson(
      c,
      z.strictObject({ name: name.optional(), parentId: id.optional(), tags: z.array(tag).max(20).optional() }),
      16_384,
    );
    let at = param(c);
    const { node } = await nodes.require(actor, at, 'drive.write');
    if (change.parentId !== undefined && change.parentId !== node.parentId)
      at = (await tree.move(actor, at, change.parentId, change.name)).id;
    else if (change.name !== undefined) await tree.rename(actor, at, change.name);
    if (change.tags) await drives.setTags(at, false, [...new Set(change.tags)]);
    return c.json(await answer(actor, at));
  });
  routes.delete('/drive/nodes/:id', async (c) => {
    const actor = actorOf(c);
    const { node } = await nodes.require(actor, param(c), 'drive.share');
    if (c.req.query('name') !== node.name)
      throw new MyriadError(
        'invalid_request',
        `Deleting for ever asks for the name: add \`?name=\` with "${node.name}".`,
      );
    await tree.deleteForEver(actor, node.id);
    return c.json({ ok: true } as const);
  });
  routes.post('/drive/nodes/:id/index', async (c) => {
    const actor = actorOf(c);
    const { node } = await nodes.require(actor, param(c), 'drive.write');
    if (node.kind !== 'file' || node.trashedAt !== null)
      throw new MyriadError('invalid_request', 'Only a file outside the trash is indexed.');
    await indexing.index(node);
    return c.json(await answer(actor, node.id));
  });
  routes.post('/drive/batch', async (c) => {
    const actor = actorOf(c);
    const { action, ids, parentId } = await readJson(
      c,
      z
        .strictObject({
          action: z.enum(['move', 'copy', 'trash', 'restore']),
          ids: z.array(id).min(1).max(mostAtOnce),
          parentId: id.optional(),
        })
        .refine((body) => !/move|copy/.test(body.action) || body.parentId !== undefined, {
          path: ['parentId'],
          message: 'needed to move or copy',
        }),
      256 * 1024,
    );
    const done: string[] = [];
    const failed: { id: string; code: string; detail: string }[] = [];
    for (const each of [...new Set(ids)]) {
      try {
        if (action === 'trash') await tree.trash(actor, each);
        const made =
          action === 'move'
            ? await tree.move(actor, each, parentId ?? '')
            : action === 'copy'
              ? await tree.copy(actor, each, parentId ?? '')
              : action === 'restore'
                ? await tree.restore(actor, each)
                : null;
        done.push(made?.id ?? each);
      } catch (thrown) {
        const error = asMyriadError(thrown);
        if (error.class.kind === 'fault') throw thrown;
        failed.push({ id: each, code: error.code, detail: error.message });
      }
    }
    // One thing that could not be done is an error; of many, what was done is said beside what was not.
    if (done.length === 0 && ids.length === 1 && failed[0])
      throw new MyriadError(failed[0].code as 'not_found', failed[0].detail);
    return c.json({ done, failed });
  });
  routes.get('/drive/trash', async (c) => {
    const actor = actorOf(c);
    const query = readQuery(c, pageQuery.extend({ drive: id.optional() }));
    const drive = query.drive ? await found(drives.drive(query.drive), 'drive') : await nodes.driveFor(actor);
    await nodes.require(actor, drive.rootId, 'drive.share');
    const page = await drives.trash({ ...pageOf(query), driveId: drive.id });
    return c.json({ items: await answers.scattered(actor, page.items), nextCursor: page.nextCursor });
  });
  routes.delete('/drive/trash', async (c) => {
    const actor = actorOf(c);
    const query = readQuery(c, z.object({ drive: id.optional(), name: z.string().max(64) }));
    if (query.name !== 'trash')
      throw new MyriadError('invalid_request', 'Emptying the trash asks for its name: add `?name=trash`.');
    const drive = query.drive ? await found(drives.drive(query.drive), 'drive') : await nodes.driveFor(actor);
    return c.json({ deleted: await tree.emptyTrash(actor, drive.id) });
  });
  routes.get('/drive/search', async (c) => {
    const actor = actorOf(c);
    const query = readQuery(
      c,
      z
        .object({ q: z.string().trim().max(500).optional(), tag: tag.optional(), folder: id.optional() })
        .refine(({ q, tag: wanted }) => Boolean(q) || wanted !== undefined, { message: 'expected `q` or `tag`' }),
    );
    return c.json(await finding.search(actor, given({ text: query.q, tag: query.tag, folderId: query.folder })));
  });
  routes.get('/drive/changes', async (c) => {
    const actor = actorOf(c);
    const query = readQuery(c, pageQuery.extend({ days: z.coerce.number().int().min(1).max(366).optional() }));
    const { driveIds } = await finding.reach(actor);
    const since = house.clock.now() - (query.days ?? weekDays) * 86_400_000;
    const page = await drives.changes({ ...pageOf(query), driveIds, since });
    return c.json({ items: await answers.scattered(actor, page.items), nextCursor: page.nextCursor });
  });
  routes.get('/drive/duplicates', async (c) => {
    const actor = actorOf(c);
    const query = readQuery(c, z.object({ drive: id.optional() }));
    const drive = query.drive ? await found(drives.drive(query.drive), 'drive') : await nodes.driveFor(actor);
    await nodes.require(actor, drive.rootId, 'drive.read');
    const groups = [];
    for (const group of await drives.duplicates(drive.id, 100)) {
      const files = await answers.scattered(actor, group);
      if (files.length > 1) groups.push({ sizeBytes: files[0]?.sizeBytes ?? 0, files });
    }
    const wastedBytes = groups.reduce((sum, { sizeBytes, files }) => sum + sizeBytes * (files.length - 1), 0);
    return c.json({ groups, wastedBytes });
  });
  routes.get('/drive/tags', async (c) => {
    const actor = actorOf(c);
    const own = await nodes.driveFor(actor);
    const shared = await nodes.houseDrive();
    await nodes.require(actor, own.rootId, 'drive.read');
    const driveIds = [own.id];
    // Of the organisation's drive only who may see all of it learns what its files are about.
    const root = await nodes.locate(shared.rootId);
    if (root && (await answers.one(actor, root)).may.includes('read')) driveIds.push(shared.id);
    return c.json({ items: await drives.tagCounts([...new Set(driveIds)], 100) });
  });
  routes.get('/drive/nodes/:id/text', async (c) => {
    const { node } = await nodes.require(actorOf(c), param(c), 'drive.read');
    return c.json(await found(house.store.knowledge.text(node.documentId ?? ''), 'text'));
  });
  routes.get('/drive/nodes/:id/sharing', async (c) => c.json(await sharing.sharing(actorOf(c), param(c))));
  routes.put('/drive/nodes/:id/shares', async (c) => {
    const actor = actorOf(c);
    const body = await readJson(c, z.strictObject({ principal, role: z.enum(['viewer', 'editor']).nullable() }), 4_096);
    return c.json(await sharing.share(actor, param(c), body.principal, body.role));
  });
  routes.post('/drive/nodes/:id/links', async (c) => {
    const actor = actorOf(c);
    const wish = await readJson(
      c,
      z.strictObject({
        password: z.string().min(1).max(200).optional(),
        expiresAt: z.int().min(0).nullable().optional(),
        maxDownloads: z.int().min(1).max(1_000_000).nullable().optional(),
      }),
      4_096,
    );
    return c.json(await sharing.createLink(actor, param(c), wish), 201);
  });
  routes.delete('/drive/links/:id', async (c) => {
    await sharing.revokeLink(actorOf(c), param(c));
    return c.json({ ok: true } as const);
  });
  const versionOf = async (c: AdminContext) => {
    const actor = actorOf(c);
    const { node } = await nodes.require(actor, param(c), 'drive.write');
    const number = Number(param(c, 'number'));
    const version = (await drives.versions(node.id)).find((each) => each.number === number);
    if (!version) throw new MyriadError('not_found', 'There is no such version.');
    return { actor, node, version };
  };
  routes.post('/drive/nodes/:id/versions/:number/restore', async (c) => {
    const { actor, node, version } = await versionOf(c);
    const blob = { hash: version.contentHash, sizeBytes: version.sizeBytes };
    await house.drive.files.place(actor, { parentId: node.parentId ?? '', name: node.name }, blob);
    return c.json(await answer(actor, node.id));
  });
  routes.delete('/drive/nodes/:id/versions/:number', async (c) => {
    const { node, version } = await versionOf(c);
    const { contentHash } = await drives.deleteVersion(node.id, version.number);
    await house.knowledge.sweepBlobs([contentHash]);
    return c.json({ ok: true } as const);
  });
  routes.put('/drive/quotas/:drive', async (c) => {
    need(house, c, 'settings.manage');
    const { quotaBytes } = await readJson(c, z.strictObject({ quotaBytes: z.int().min(0).nullable() }), 1_024);
    await drives.setQuota(param(c, 'drive'), quotaBytes);
    return c.json(await found(drives.drive(param(c, 'drive')), 'drive'));
  });
  routes.post('/drive/nodes/:id/ask', async (c) => {
    const actor = actorOf(c);
    const { node } = await nodes.require(actor, param(c), 'drive.read');
    const app = await findApp(house, 'drive');
    needHidden(house, c, 'app.use', appObject(app), 'app');
    const now = house.clock.now();
    const conversation: Conversation = {
      id: newId('conv', house.clock, house.random),
      ownerId: actor.id,
      appId: app.id,
      title: node.name.slice(0, 200),
      activeLeaf: null,
      createdAt: now,
      updatedAt: now,
      pinned: false,
    };
    await house.store.conversations.save(conversation);
    await drives.saveAskedNode(conversation.id, node.id);
    return c.json({ conversation, messages: [], documents: [] } satisfies ConversationDetail, 201);
  });
  return routes;
}

/** What a link shows to whoever has it. Its bytes are sent by `drive/transfer-drive.ts`. */
export function openLinkRoutes(house: House): Hono<AdminEnv> {
  const routes = new Hono<AdminEnv>();
  const { sharing } = house.drive;
  routes.get('/open/links/:token', async (c) => {
    const query = readQuery(c, pageQuery.extend({ ticket: z.string().max(128).optional(), folder: id.optional() }));
    const { link, node: top } = await sharing.openLink(c.req.param('token'));
    const { expiresAt } = link;
    if (!sharing.holdsTicket(link, query.ticket)) {
      const nothing = { name: null, kind: null, sizeBytes: null, mediaType: null, downloadsLeft: null };
      return c.json({
        locked: true,
        ...nothing,
        expiresAt,
        items: [],
        path: [],
        nextCursor: null,
      } satisfies OpenLinkAnswer);
    }
    const node = await found(sharing.within(link, query.folder ?? top.id), 'folder');
    const page = node.kind === 'folder' ? await house.store.drive.list({ ...pageOf(query), parentId: node.id }) : null;
    const above = await house.store.drive.ancestors(node.id);
    const path = above.slice(0, above.findIndex((each) => each.id === top.id) + 1).reverse();
    return c.json({
      locked: false,
      name: node.name,
      kind: node.kind,
      sizeBytes: node.sizeBytes,
      mediaType: node.mediaType,
      expiresAt,
      downloadsLeft: link.maxDownloads === null ? null : Math.max(0, link.maxDownloads - link.downloads),
      path: path.map((each) => ({ id: each.id, name: each.name })),
      items: (page?.items ?? []).map((each) => ({
        id: each.id,
        name: each.name,
        kind: each.kind,
        sizeBytes: each.sizeBytes,
        mediaType: each.mediaType,
      })),
      nextCursor: page?.nextCursor ?? null,
    } satisfies OpenLinkAnswer);
  });
  routes.post('/open/links/:token/unlock', async (c) => {
    const { password } = await readJson(c, z.strictObject({ password: z.string().min(1).max(200) }), 2_048);
    return c.json({ ticket: await sharing.unlock(c.req.param('token'), password) });
  });
  return routes;
}
