import type { ComponentType } from 'react';
import type { May } from '../session/use-session.ts';
import type { IconName } from '../ui/icon.tsx';

export type RailSection = 'apps' | 'cockpit' | 'build' | 'operate';

/** The rail's sections in their order. */
export const railSections: readonly RailSection[] = ['apps', 'cockpit', 'build', 'operate'];

/**
 * A page of the console. A folder under `pages/` with a `page.ts` that exports one of these as `page` adds itself: to the
 * router, to the rail and to the command palette.
 */
export interface Page {
  readonly name: string;
  readonly title: { readonly en: string; readonly zh: string };
  /** Router paths; several share one component that stays mounted between them. */
  readonly paths: readonly string[];
  /** Who may open it; everyone signed in unless said. */
  readonly needs?: May;
  /** `open` pages need no session and have no frame; `full` pages scroll by themselves. */
  readonly frame?: 'open' | 'full';
  readonly rail?: {
    readonly section: RailSection;
    readonly order: number;
    readonly icon?: IconName;
    /** What the number beside the entry counts: decisions that wait. */
    readonly counts?: 'decisions';
    /** Who sees the entry, where the page itself is open to more. */
    readonly needs?: May;
    /** Section for those who may not build: what they use are apps. */
    readonly sectionOfReaders?: RailSection;
  };
  readonly load: () => Promise<{ readonly default: ComponentType }>;
}

const modules = import.meta.glob<{ readonly page: Page }>('../pages/*/page.ts', { eager: true });

export const pages: readonly Page[] = Object.values(modules).map((module) => module.page);

/** Rail entries of a section, in order, that the reader may open. */
export function railOf(section: RailSection, may: readonly May[], all: readonly Page[] = pages): readonly Page[] {
  return all
    .filter(({ needs, rail }) => {
      if (!rail) return false;
      const place = may.includes('build') ? rail.section : (rail.sectionOfReaders ?? rail.section);
      return place === section && [needs, rail.needs].every((need) => need === undefined || may.includes(need));
    })
    .sort((left, right) => (left.rail?.order ?? 0) - (right.rail?.order ?? 0));
}
