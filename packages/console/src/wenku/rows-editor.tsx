import type { SlideRows } from '@myriad/contracts';
import { Button } from '../ui/button.tsx';
import { useWords } from '../words/define-words.ts';
import { wenkuWords } from './words.ts';

/** A small sheet: cells that are typed into, or filled by pasting rows from a spreadsheet. */
export function RowsEditor({
  rows,
  onChange,
}: {
  readonly rows: SlideRows;
  readonly onChange: (rows: SlideRows) => void;
}) {
  const say = useWords(wenkuWords);
  const columns = Math.max(1, ...rows.map((row) => row.length));
  const square = (rows.length > 0 ? rows : [['']]).map((row) =>
    Array.from({ length: columns }, (_, at) => row[at] ?? ''),
  );
  const set = (row: number, column: number, text: string) => {
    const pasted = text.includes('\t') ? text.split(/\r?\n/).map((line) => line.split('\t')) : [[text]];
    const wide = Math.max(columns, column + Math.max(...pasted.map((line) => line.length)));
    const high = Math.max(square.length, row + pasted.length);
    onChange(
      Array.from({ length: high }, (_, y) =>
        Array.from({ length: wide }, (_each, x) => pasted[y - row]?.[x - column] ?? square[y]?.[x] ?? ''),
      ),
    );
  };
  return (
    <div className="grid gap-2">
      <div className="scrollbar-quiet overflow-x-auto">
        <table className="border-collapse">
          <tbody>
            {square.map((row, y) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: cells have no identity but their place
              <tr key={y}>
                {row.map((text, x) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: cells have no identity but their place
                  <td key={x} className="border border-line p-0">
                    <input
                      aria-label={say('cell', { row: y + 1, column: x + 1 })}
                      value={text}
                      onChange={(event) => set(y, x, event.target.value)}
                      onPaste={(event) => {
                        const pasted = event.clipboardData.getData('text/plain');
                        if (!pasted.includes('\t')) return;
                        event.preventDefault();
                        set(y, x, pasted.replace(/\r?\n$/, ''));
                      }}
                      className={`w-24 bg-transparent px-2 py-1 text-small ${y === 0 ? 'font-semibold' : ''}`}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="text-small text-soft">{say('dataHint')}</p>
      <div className="flex flex-wrap gap-1.5">
        <Button onClick={() => onChange([...square, Array.from({ length: columns }, () => '')])}>
          + {say('addRow')}
        </Button>
        <Button onClick={() => onChange(square.map((row) => [...row, '']))}>+ {say('addColumn')}</Button>
        {square.length > 1 && (
          <Button look="quiet" onClick={() => onChange(square.slice(0, -1))}>
            {say('removeRow')}
          </Button>
        )}
        {columns > 1 && (
          <Button look="quiet" onClick={() => onChange(square.map((row) => row.slice(0, -1)))}>
            {say('removeColumn')}
          </Button>
        )}
      </div>
    </div>
  );
}
