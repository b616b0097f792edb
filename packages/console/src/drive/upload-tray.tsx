import { useState, useSyncExternalStore } from 'react';
import { useFormat } from '../format/use-format.ts';
import { driveWords } from '../pages/drive/words.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { useWords } from '../words/define-words.ts';
import { type UploadRow, uploadQueue } from './upload-queue.ts';

/** Uploads under way, at the bottom of the page; they go on when the tray is closed or the page changes. */
export function UploadTray() {
  const say = useWords(driveWords);
  const rows = useSyncExternalStore(uploadQueue.subscribe, uploadQueue.rows);
  const [open, setOpen] = useState(true);
  if (rows.length === 0) return null;
  const running = rows.filter(({ state }) => /waiting|sending|paused/.test(state)).length;
  const failed = rows.filter(({ state }) => state === 'failed').length;
  const title =
    running > 0
      ? say('uploading', { count: running })
      : failed > 0
        ? say('uploadsFailed', { count: failed })
        : say('uploadsDone');
  return (
    <section
      aria-label={say('uploads')}
      className="fixed right-3 bottom-36 z-30 w-[min(400px,calc(100vw-24px))] overflow-hidden rounded-card border border-line bg-card shadow-over min-[900px]:right-6 min-[900px]:bottom-6"
    >
      <div className="flex items-center gap-1 py-1 pr-1 pl-4">
        <p role="status" className="min-w-0 flex-1 truncate font-medium">
          {title}
        </p>
        {running < rows.length && (
          <Button look="quiet" onClick={uploadQueue.clearDone}>
            {say('clearDone')}
          </Button>
        )}
        <IconButton
          icon={open ? 'down' : 'up'}
          label={say('uploads')}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        />
      </div>
      {open && (
        <ul className="scrollbar-quiet max-h-[40dvh] overflow-y-auto border-t border-hair px-4 py-1">
          {rows.slice(0, 200).map((row) => (
            <Row key={row.key} row={row} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Row({ row }: { readonly row: UploadRow }) {
  const say = useWords(driveWords);
  const format = useFormat();
  const ratio = row.sizeBytes === 0 ? (row.state === 'done' ? 1 : 0) : row.sentBytes / row.sizeBytes;
  const { name, state } = row;
  const status =
    row.failure ??
    (state === 'sending'
      ? `${format.bytes(row.sentBytes)} / ${format.bytes(row.sizeBytes)}`
      : say(`upload_${state as 'done'}`));
  return (
    <li className="flex items-center gap-1 py-1.5">
      <div className="min-w-0 flex-1">
        <p className="truncate" title={row.folder ? `${row.folder}/${name}` : name}>
          {row.folder && <span className="text-soft">{row.folder}/</span>}
          {name}
        </p>
        <p className={`truncate text-small ${row.failure ? 'text-bad' : 'text-soft'}`} title={status}>
          {status}
        </p>
        <div
          role="progressbar"
          aria-label={name}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(ratio * 100)}
          className="mt-0.5 h-1 overflow-hidden rounded bg-hair"
        >
          <div className="h-full origin-left bg-data" style={{ transform: `scaleX(${ratio})` }} />
        </div>
      </div>
      {(state === 'sending' || state === 'waiting') && (
        <IconButton icon="pause" label={say('pause', { name })} onClick={() => uploadQueue.pause(row.key)} />
      )}
      {(state === 'paused' || state === 'failed') && (
        <IconButton icon="play" label={say('resume', { name })} onClick={() => uploadQueue.resume(row.key)} />
      )}
      <IconButton icon="close" label={say('cancelUpload', { name })} onClick={() => uploadQueue.cancel(row.key)} />
    </li>
  );
}
