/** What the routes of Wenku share: finding a document that the caller may see, and answering with it. */
import {
  type Action,
  MyriadError,
  type Subject,
  type WenkuDetail,
  type WenkuDocument,
  type WenkuJobEvent,
} from '@myriad/contracts';
import { streamSSE } from 'hono/streaming';
import { z } from 'zod';
import { appObject, findApp } from '../find-app.ts';
import type { House } from '../house.ts';
import { type AdminContext, callerOf, found, need, needHidden, signedIn } from './context.ts';

export const wenkuObject = (document: WenkuDocument) =>
  ({
    type: 'wenku',
    id: document.id,
    ownerId: document.ownerId,
    use: document.readers,
    edit: document.editors,
  }) as const;

export const language = z.enum(['en', 'zh']);
export const principal = z
  .string()
  .regex(
    /^(everyone|group:[\w.-]{1,64}|person:[\w.@+-]{1,128})$/,
    'expected `everyone`, `group:<name>` or `person:<id>`',
  );

export function wenkuContext(house: House) {
  const { wenku } = house.store;

  const documentFor = async (
    c: AdminContext,
    action: Extract<Action, `wenku.${string}`>,
    id = c.req.param('id') as string,
  ) => {
    signedIn(c);
    const document = await found(wenku.get(id), 'document');
    const subject = needHidden(house, c, 'wenku.read', wenkuObject(document), 'document');
    if (action === 'wenku.write') need(house, c, action, wenkuObject(document));
    return { document, subject };
  };

  const isOwner = (document: WenkuDocument, subject: Subject) =>
    house.org.authorize(subject, 'wenku.write', { type: 'wenku', id: document.id, ownerId: document.ownerId }).allowed;

  return {
    documentFor,
    isOwner,
    /** Only the owner shares and deletes. */
    async ownedFor(c: AdminContext) {
      const got = await documentFor(c, 'wenku.write');
      if (!isOwner(got.document, got.subject))
        throw new MyriadError('forbidden', 'Only the owner of the document may do this.');
      return got;
    },
    async detailOf(document: WenkuDocument, subject: Subject): Promise<WenkuDetail> {
      const content = await found(wenku.content(document.id), 'document');
      const may = [
        'read' as const,
        ...(house.org.authorize(subject, 'wenku.write', wenkuObject(document)).allowed ? (['write'] as const) : []),
        ...(isOwner(document, subject) ? (['share'] as const) : []),
      ];
      return { document, content, may, job: house.wenku.writing(document.id) };
    },
    /** Who may use the app may make documents with it. */
    async needApp(c: AdminContext): Promise<Subject> {
      return needHidden(house, c, 'app.use', appObject(await findApp(house, 'wenku')), 'app');
    },
    /** Sources must be collections that the caller may read. */
    async checkSources(c: AdminContext, ids: readonly string[]) {
      for (const id of ids) {
        const collection = await found(house.store.knowledge.collection(id), 'collection');
        needHidden(
          house,
          c,
          'knowledge.read',
          { type: 'collection', id, ownerId: collection.ownerId, use: collection.readers },
          'collection',
        );
      }
    },
    async finished(document: WenkuDocument, subject: Subject) {
      const { personId, actorId } = callerOf(house, subject);
      const unit = personId ?? actorId;
      const time = house.clock.now();
      await house.store.kpi.append([
        {
          id: `wenku:${document.id}:${unit}`,
          kpi: 'wenku_documents_finished',
          unit,
          value: 1,
          time,
          receivedAt: time,
          source: 'wenku',
          tenant: 'main',
        },
      ]);
    },
  };
}

export async function readBytes(c: AdminContext, limitBytes: number): Promise<Uint8Array> {
  const body = c.req.raw.body;
  if (!body) throw new MyriadError('invalid_request', 'Expected the bytes of a file.');
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body as unknown as AsyncIterable<Uint8Array>) {
    size += part.byteLength;
    if (size > limitBytes)
      throw new MyriadError('body_too_large', `The file is larger than ${limitBytes} bytes.`, {
        facts: { limitBytes },
      });
    parts.push(part);
  }
  if (size === 0) throw new MyriadError('invalid_request', 'The file is empty.');
  return Buffer.concat(parts);
}

/** A job's events to one reader; comments keep proxies from closing a quiet stream. */
export function streamJob(
  house: House,
  c: AdminContext,
  events: (signal: AbortSignal) => AsyncGenerator<WenkuJobEvent>,
) {
  const abort = new AbortController();
  c.header('cache-control', 'no-store');
  c.header('x-accel-buffering', 'no');
  return streamSSE(c, async (stream) => {
    stream.onAbort(() => abort.abort());
    let cancel = () => {};
    const ping = () => {
      cancel = house.clock.after(15_000, () => {
        void stream.write(': keep-alive\n\n');
        ping();
      });
    };
    ping();
    try {
      for await (const event of events(abort.signal)) await stream.writeSSE({ data: JSON.stringify(event) });
    } finally {
      cancel();
    }
  });
}
