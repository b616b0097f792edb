/** Which collections a search may look into: what was asked for, less what the person may not read. */
import { type Collection, MyriadError, type Subject } from '@myriad/contracts';
import type { House } from '../house.ts';

/** Collections of a search at most; past these the rest is not searched. */
const mostCollections = 5_000;
/** Libraries, and folders of drives, whose readers are those of the folder. */
const searched = ['library:', 'folder:'] as const;

export type ReadableCollection = Collection & { readonly documents: number };

/**
 * Libraries and drive folders that the person may read, by name. Permission is decided here, before anything is
 * retrieved: whatever is not in this list takes no part in the search.
 */
export async function readableCollections(house: House, subject: Subject): Promise<readonly ReadableCollection[]> {
  // The node itself sees every library; everybody else what one of their principals may read.
  const who = subject.kind === 'system' ? {} : { principals: house.org.principalsOf(subject) };
  const found: ReadableCollection[] = [];
  for (const prefix of searched) {
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof house.store.knowledge.collections>> =
        await house.store.knowledge.collections({ ...who, prefix, limit: 500, cursor });
      found.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null && found.length < mostCollections);
  }
  return found;
}

/**
 * Of these the ones that a search names; all when it names none. `drive:/folder` stands for all below it too.
 *
 * @throws MyriadError `not_found` for a name that the person may not read or that is not there: the two look the same.
 */
export function collectionsNamed(
  readable: readonly ReadableCollection[],
  names: readonly string[],
): readonly ReadableCollection[] {
  if (names.length === 0) return readable;
  const found = new Map<string, ReadableCollection>();
  for (const name of names) {
    const folder = name.replace(/\/+$/, '');
    const matching = readable.filter(
      (one) =>
        one.name === name || one.name === folder || (name.startsWith('drive:') && one.name.startsWith(`${folder}/`)),
    );
    if (matching.length === 0)
      throw new MyriadError('not_found', `There is no collection "${name.slice(0, 200)}".`, {
        facts: { collection: name.slice(0, 200) },
      });
    for (const one of matching) found.set(one.id, one);
  }
  return [...found.values()];
}
