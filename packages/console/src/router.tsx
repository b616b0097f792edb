import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { Crashed, Frame, Missing } from './shell/frame.tsx';
import { type Page, pages } from './shell/pages.ts';

const root = createRootRoute({ component: Frame, notFoundComponent: Missing });

/** One route a page; a page with several paths is a parent that stays while its children, its paths, change. */
function routeOf(page: Page) {
  const component = lazyRouteComponent(page.load);
  const [only] = page.paths;
  if (page.paths.length === 1 && only) return createRoute({ getParentRoute: () => root, path: only, component });
  const parent = createRoute({ getParentRoute: () => root, id: page.name, component });
  return parent.addChildren(
    page.paths.map((path) => createRoute({ getParentRoute: () => parent, path, component: () => null })),
  );
}

/** Filters in the address as plain `key=value`, so that links can be read and typed. */
export const router = createRouter({
  routeTree: root.addChildren(pages.map(routeOf)),
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const kept = Object.entries(search).filter(([, value]) => value !== undefined && value !== null && value !== '');
    const text = new URLSearchParams(kept.map(([name, value]) => [name, String(value)])).toString();
    return text === '' ? '' : `?${text}`;
  },
  defaultPreload: 'intent',
  defaultErrorComponent: Crashed,
  defaultNotFoundComponent: Missing,
  scrollRestoration: true,
});
