import type { ReactNode } from 'react';
import { ScrollRegion } from './scroll-region.tsx';

export interface Column<T> {
  readonly key: string;
  readonly title: ReactNode;
  readonly cell: (row: T) => ReactNode;
  /** Numbers stand right, so that their digits line up. */
  readonly number?: boolean;
  /** Left out on narrow screens. */
  readonly wideOnly?: boolean;
}

/** A plain table. On narrow screens it scrolls inside its card, never the page. */
export function Table<T>({
  caption,
  columns,
  rows,
  rowKey,
}: {
  readonly caption: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly rowKey: (row: T) => string;
}) {
  const edge = (column: Column<T>) =>
    `${column.number ? 'text-right' : 'text-left'} ${column.wideOnly ? 'hidden md:table-cell' : ''}`;
  return (
    <ScrollRegion label={caption} className="overflow-x-auto px-2.5">
      <table className="w-full border-collapse">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                className={`border-b border-line px-2 py-1.5 text-small font-medium whitespace-nowrap text-soft ${edge(column)}`}
              >
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} className="[&:last-child>td]:border-0">
              {columns.map((column) => (
                <td key={column.key} className={`border-b border-hair px-2 py-2 align-middle ${edge(column)}`}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
