/** Saving a document: nothing of somebody else's is overwritten, and what was there before an hour's work can be had again. */
import { countWords, plainTextOf } from '@myriad/builtin/wenku';
import { MyriadError, type WenkuContent, type WenkuDocument, type WenkuVersion } from '@myriad/contracts';
import type { House } from '../house.ts';

/** A save keeps the text before it as a version when the newest one is older than this, or another person wrote it. */
const versionEveryMs = 10 * 60_000;
const mostKeptByItself = 50;

type Saving = Pick<House, 'store' | 'clock' | 'wenku'>;

/** @throws MyriadError `conflict` when the document was changed since `revision`, or is being written by the app. */
export async function saveContent(
  house: Saving,
  document: WenkuDocument,
  content: WenkuContent,
  revision: number,
  actorId: string,
): Promise<WenkuDocument> {
  const { wenku } = house.store;
  if (house.wenku.writing(document.id))
    throw new MyriadError('conflict', 'The app is writing this document. Wait for its end, or stop it.');
  const now = house.clock.now();
  const versions = await wenku.versions(document.id);
  const [newest] = versions;
  const before = await wenku.content(document.id);
  const due = newest
    ? now - newest.createdAt > versionEveryMs || document.updatedBy !== actorId
    : now - document.createdAt > versionEveryMs;
  const version = due && before ? versionOf(document, before, versions, null, now) : undefined;
  const saved = await write(house, document, content, revision, actorId, version);
  const unnamed = versions.filter(({ name }) => name === null).slice(mostKeptByItself - 1);
  await wenku.removeVersions(
    document.id,
    unnamed.map(({ number }) => number),
  );
  return saved;
}

/** The version's content becomes the present one; what was there is kept as a version first. */
export async function restoreVersion(
  house: Saving,
  document: WenkuDocument,
  version: WenkuVersion & { readonly content: WenkuContent },
  actorId: string,
): Promise<WenkuDocument> {
  if (house.wenku.writing(document.id))
    throw new MyriadError('conflict', 'The app is writing this document. Wait for its end, or stop it.');
  const { wenku } = house.store;
  const before = await wenku.content(document.id);
  const kept = before
    ? versionOf(document, before, await wenku.versions(document.id), null, house.clock.now())
    : undefined;
  return write(house, document, version.content, document.revision, actorId, kept);
}

export function versionOf(
  document: WenkuDocument,
  content: WenkuContent,
  versions: readonly WenkuVersion[],
  name: string | null,
  createdAt: number,
): WenkuVersion & { readonly content: WenkuContent } {
  const { id: documentId, title, words, updatedBy: createdBy } = document;
  return { documentId, number: (versions[0]?.number ?? 0) + 1, name, title, words, createdAt, createdBy, content };
}

async function write(
  house: Saving,
  document: WenkuDocument,
  content: WenkuContent,
  revision: number,
  actorId: string,
  version?: WenkuVersion & { readonly content: WenkuContent },
): Promise<WenkuDocument> {
  const plainText = plainTextOf(content);
  const saved: WenkuDocument = {
    ...document,
    revision: revision + 1,
    words: countWords(plainText),
    updatedAt: house.clock.now(),
    updatedBy: actorId,
  };
  await house.store.wenku.save(saved, revision, { content, plainText, ...(version ? { version } : {}) });
  return saved;
}
