import { type Page, pages } from './pages.ts';

/** The page whose path fits an address; parts that begin with `$` fit anything. */
export function pageAt(address: string, all: readonly Page[] = pages): Page | undefined {
  const parts = address.split('/').filter(Boolean);
  const fits = (path: string) => {
    const wanted = path.split('/').filter(Boolean);
    return wanted.length === parts.length && wanted.every((part, at) => part.startsWith('$') || part === parts[at]);
  };
  const exactness = (page: Page) => (page.paths.some((path) => !path.includes('$') && fits(path)) ? 1 : 0);
  return all.filter((page) => page.paths.some(fits)).sort((left, right) => exactness(right) - exactness(left))[0];
}
