import { useFormat } from '../../format/use-format.ts';
import type { UploadRow } from '../../knowledge/use-uploads.ts';
import { IconButton } from '../../ui/button.tsx';
import { Card } from '../../ui/page.tsx';
import { useWords } from '../../words/define-words.ts';
import { knowledgeWords } from '../knowledge/words.ts';

/** Files on their way, with how far each has come. */
export function UploadList({
  uploads,
  onStop,
}: {
  readonly uploads: readonly UploadRow[];
  readonly onStop: (key: number) => void;
}) {
  const say = useWords(knowledgeWords);
  const format = useFormat();
  if (uploads.length === 0) return null;
  return (
    <Card>
      <ul className="grid gap-2">
        {uploads.map((row) => (
          <li key={row.key} className="flex items-center gap-3">
            <div className="min-w-0 flex-1">
              <p role="status" className={`truncate ${row.failure ? 'text-bad' : ''}`}>
                {row.failure
                  ? `${row.name}: ${row.failure}`
                  : say('uploading', { name: row.name, percent: format.percent(row.ratio) })}
              </p>
              <div aria-hidden="true" className="mt-1 h-1 overflow-hidden rounded bg-hair">
                <div className="h-full origin-left bg-data" style={{ transform: `scaleX(${row.ratio})` }} />
              </div>
            </div>
            <IconButton icon="close" label={`${say('stopUpload')}: ${row.name}`} onClick={() => onStop(row.key)} />
          </li>
        ))}
      </ul>
    </Card>
  );
}
