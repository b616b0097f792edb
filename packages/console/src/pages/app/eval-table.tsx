import type { EvalReport } from '@myriad/contracts';
import { useFormat } from '../../format/use-format.ts';
import { Chip } from '../../ui/page.tsx';
import { useWords } from '../../words/define-words.ts';
import { appWords } from './words.ts';

/** What each eval said. */
export function EvalTable({ report }: { readonly report: EvalReport }) {
  const say = useWords(appWords);
  const format = useFormat();
  if (report.results.length === 0) return <p className="px-[18px] pb-4 text-soft">{say('evalsNone')}</p>;
  return (
    <ul>
      {report.results.map((result) => (
        <li key={result.name} className="flex flex-wrap items-baseline gap-x-3 border-t border-hair px-[18px] py-2">
          <Chip tone={result.passed ? 'good' : 'bad'}>{say(result.passed ? 'passed' : 'failed')}</Chip>
          <span className="font-medium">{result.name}</span>
          <span className="min-w-0 flex-1 basis-60 text-soft">{result.reason}</span>
          <span className="text-small text-soft">{format.duration(result.tookMs)}</span>
        </li>
      ))}
      {report.model && (
        <li className="border-t border-hair px-[18px] py-2 text-small text-soft">
          {say('evalsBy', { model: report.model })}
        </li>
      )}
    </ul>
  );
}
