import { ScrollRegion } from '../ui/scroll-region.tsx';
import { type DiffLine, parseDiff } from './parse-diff.ts';

const looks: Readonly<Record<DiffLine['kind'], { readonly row: string; readonly sign: string }>> = {
  same: { row: '', sign: ' ' },
  added: { row: 'bg-good-soft', sign: '+' },
  removed: { row: 'bg-decide-soft', sign: '−' },
  place: { row: 'bg-paper text-soft', sign: ' ' },
};

/** A unified diff, line by line; the sign stands beside the colour. */
export function DiffView({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <ScrollRegion label={label} className="overflow-x-auto rounded-card border border-line bg-card">
      <div className="min-w-max py-1 font-mono text-small leading-5">
        {parseDiff(text).map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines keep their order
          <div key={index} className={`flex ${looks[line.kind].row}`}>
            <span aria-hidden="true" className="w-10 pr-2 text-right text-soft select-none">
              {line.before ?? ''}
            </span>
            <span aria-hidden="true" className="w-10 pr-2 text-right text-soft select-none">
              {line.after ?? ''}
            </span>
            <span className="w-5">{looks[line.kind].sign}</span>
            <span className="pr-4 whitespace-pre">{line.text}</span>
          </div>
        ))}
      </div>
    </ScrollRegion>
  );
}
