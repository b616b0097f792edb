import { davRoot, readDavPath } from './dav-tree.ts';

/**
 * Whether the `If` header of a request holds (RFC 4918, 10.4): one of its lists must, with all of its conditions.
 *
 * @param state Lock tokens and entity tag of a resource, by its path as the drive knows it.
 */
export function ifHolds(
  header: string,
  own: string,
  state: (path: string) => { readonly tokens: readonly string[]; readonly etag: string | null },
): boolean {
  let at = own;
  for (const [, tag, list = ''] of header.matchAll(/(?:<([^>]*)>\s*)?\(((?:[^()"]|"[^"]*")*)\)/g)) {
    if (tag !== undefined) at = pathOf(tag) ?? own;
    const { tokens, etag } = state(at);
    const conditions = [...list.matchAll(/(not\s+)?(?:<([^>]*)>|\[\s*((?:W\/)?"[^"]*")\s*\])/gi)];
    const holds = conditions.every(([, not, token, wanted]) => {
      const is = token !== undefined ? tokens.includes(token) : wanted === etag;
      return not === undefined ? is : !is;
    });
    if (conditions.length > 0 && holds) return true;
  }
  return false;
}

function pathOf(tag: string): string | null {
  const path = URL.canParse(tag, 'http://node') ? new URL(tag, 'http://node').pathname : '';
  return path.startsWith(davRoot) ? `/${readDavPath(path).join('/')}` : null;
}
