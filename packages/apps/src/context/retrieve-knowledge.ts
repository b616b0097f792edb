import type {
  Caller,
  Collection,
  Knowledge,
  Passage,
  RetrievalReport,
  RunSearch,
  SearchDepth,
  Store,
} from '@myriad/contracts';

const queryCharacters = 2_000;
const passagesPerRun = 8;
/** Passages that an answer is given, by how much the person wants read. */
const passagesFor: Readonly<Record<SearchDepth, number>> = { speed: 5, balanced: passagesPerRun, quality: 16 };
/** Folders below one that a manifest names; past these the rest is not searched. */
const foldersPerRun = 2_000;

/** Whether the caller may read a collection. */
export function mayRead(collection: Collection, caller: Caller): boolean {
  return (
    collection.readers.some((reader) => caller.principals.includes(reader)) ||
    (caller.personId !== null && collection.ownerId === caller.personId)
  );
}

/**
 * Collections that a manifest names, less those that the caller may not read. `library:<name>` is one collection;
 * `drive:/<folder>` is that folder and all below it, of the drive or by the names of collections.
 *
 * @param driveFolders Asks the drive, which decides itself what the caller may read.
 */
export async function readableCollections(
  store: Pick<Store, 'knowledge'>,
  names: readonly string[],
  caller: Caller,
  driveFolders: (name: string, caller: Caller) => Promise<readonly string[]> = async () => [],
): Promise<readonly string[]> {
  const found: Collection[] = [];
  const ofDrives: string[] = [];
  for (const name of names) {
    if (!name.startsWith('drive:')) {
      const collection = await store.knowledge.collectionByName(name);
      if (collection) found.push(collection);
      continue;
    }
    ofDrives.push(...(await driveFolders(name, caller)));
    const folder = name.replace(/\/+$/, '');
    let cursor: string | null = null;
    let seen = 0;
    do {
      const page: Awaited<ReturnType<Store['knowledge']['collections']>> = await store.knowledge.collections({
        prefix: folder,
        limit: 500,
        cursor,
      });
      found.push(...page.items.filter((item) => item.name === folder || item.name.startsWith(`${folder}/`)));
      cursor = page.nextCursor;
      seen += page.items.length;
    } while (cursor !== null && seen < foldersPerRun);
  }
  const named = found.filter((collection) => mayRead(collection, caller)).map(({ id }) => id);
  return [...new Set([...named, ...ofDrives])];
}

/** Words to search by: the last question, with the one before it when the last is too short to stand alone. */
export function searchQuery(userTexts: readonly string[]): string {
  const last = userTexts.at(-1)?.trim() ?? '';
  const before = userTexts.at(-2)?.trim() ?? '';
  const han = last.match(/\p{Script=Han}/gu)?.length ?? 0;
  const words = last.match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
  const short = han > 0 ? han < 8 : words < 5;
  const query = short && before ? `${last}\n${before}` : last;
  return query.slice(0, queryCharacters);
}

export interface Retrieved {
  readonly passages: readonly Passage[];
  readonly report: RetrievalReport;
}

/** Passages for a question, from these collections only. */
export async function retrieveKnowledge(
  knowledge: Pick<Knowledge, 'retrieve'>,
  query: string,
  collectionIds: readonly string[],
  documentIds?: readonly string[],
  search?: RunSearch,
): Promise<Retrieved | null> {
  if (collectionIds.length === 0 || query === '') return null;
  const within = { query, collectionIds, ...(documentIds ? { documentIds } : {}) };
  if (!search) return knowledge.retrieve({ ...within, limit: passagesPerRun });
  const { depth, filter } = search;
  const alsoAs = depth === 'quality' ? partsOfQuestion(query) : [];
  return knowledge.retrieve({ ...within, filter, alsoAs, limit: passagesFor[depth] });
}

/** A question of several parts, one by one, so that each finds its own passages; none for a question of one part. */
export function partsOfQuestion(query: string): readonly string[] {
  const parts = query
    .split(/[?？;；。\n]+|,?\s+(?:and also|as well as|and)\s+|[，,]?(?:以及|并且|还有|另外)/i)
    .map((part) => part.trim())
    .filter((part) => (/\p{Script=Han}/u.test(part) ? part.length >= 4 : part.split(/\s+/).length >= 3));
  return parts.length > 1 ? parts.slice(0, 4) : [];
}
