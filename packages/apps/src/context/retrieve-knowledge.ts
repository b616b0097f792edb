import type { Caller, Collection, Knowledge, Passage, RetrievalReport, Store } from '@myriad/contracts';

const queryCharacters = 2_000;
const passagesPerRun = 8;
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
): Promise<Retrieved | null> {
  if (collectionIds.length === 0 || query === '') return null;
  return knowledge.retrieve({ query, collectionIds, ...(documentIds ? { documentIds } : {}), limit: passagesPerRun });
}
