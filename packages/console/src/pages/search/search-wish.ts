import type { AskSearch, FileKind, SearchDepth } from '@myriad/contracts';

export type Filters = Readonly<Record<string, string>>;

export const depths = ['speed', 'balanced', 'quality'] as const satisfies readonly SearchDepth[];
export const kinds = [
  'pdf',
  'document',
  'slides',
  'sheet',
  'text',
  'page',
  'mail',
  'code',
] as const satisfies readonly FileKind[];

const dayMs = 86_400_000;
const spans: Readonly<Record<string, number>> = { day: dayMs, week: 7 * dayMs, month: 31 * dayMs, year: 366 * dayMs };
export const times = ['day', 'week', 'month', 'year'] as const;

/** The depth in the address; `balanced` for none and for one that is not known. */
export function depthOf(filters: Filters): SearchDepth {
  return depths.find((depth) => depth === filters.depth) ?? 'balanced';
}

/** How many filters narrow the search. */
export function filterCount({ in: where, kind, time, by }: Filters): number {
  return [where, kind, time, by].filter(Boolean).length;
}

/** What the address asks for, as the node wants it. Values that are not known narrow nothing. */
export function wishOf(filters: Filters, now: number, personId: string): Pick<AskSearch, 'depth' | 'scope'> {
  const kind = kinds.find((each) => each === filters.kind);
  const span = spans[filters.time ?? ''];
  return {
    depth: depthOf(filters),
    scope: {
      collections: filters.in ? [filters.in] : [],
      filter: {
        ...(kind ? { kinds: [kind] } : {}),
        ...(span ? { from: now - span } : {}),
        ...(filters.by === 'me' ? { addedBy: personId } : {}),
      },
      web: filters.web === '1',
    },
  };
}
