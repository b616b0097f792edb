import type { DriveDetail, DriveNodeAnswer } from '@myriad/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useApi, useSend } from '../api/use-api.ts';
import { useFormat } from '../format/use-format.ts';
import { driveWords } from '../pages/drive/words.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { Icon } from '../ui/icon.tsx';
import { Chip, Facts, type Tone, Waiting } from '../ui/page.tsx';
import { ProblemNote, sentenceOf } from '../ui/problem-note.tsx';
import { tell } from '../ui/toast.tsx';
import { common } from '../words/common.ts';
import { useWords } from '../words/define-words.ts';
import { contentUrl } from './preview.tsx';
import { refreshDrive } from './refresh-drive.ts';

const tones: Readonly<Record<string, Tone>> = {
  ready: 'good',
  queued: 'idle',
  parsing: 'wait',
  failed: 'bad',
  none: 'idle',
};

/** What is known of one file or folder: facts, how it was read, tags, versions. */
export function Details({ id }: { readonly id: string }) {
  const sayCommon = useWords(common);
  const detail = useApi('GET /api/drive/nodes/:id', { params: { id } }, { refetchInterval: 4_000 });
  if (detail.isPending) return <Waiting label={sayCommon('loading')} rows={6} />;
  if (detail.error) return <ProblemNote error={detail.error} />;
  return detail.data ? <Known key={detail.data.node.id} detail={detail.data} /> : null;
}

function Known({ detail }: { readonly detail: DriveDetail }) {
  const say = useWords(driveWords);
  const format = useFormat();
  const { node, path } = detail;
  const facts: (readonly [string, string])[] = [
    [say('kind'), node.kind === 'folder' ? say('folder') : node.mediaType],
    ...(node.kind === 'file' ? [[say('size'), format.bytes(node.sizeBytes)] as const] : []),
    [say('changed'), format.time(node.updatedAt)],
  ];
  return (
    <div className="grid gap-5">
      <div>
        <h2 className="text-[15px] font-semibold break-words">{node.name || path[0]?.name}</h2>
        {path.length > 1 && (
          <p className="text-small text-soft">
            {path
              .slice(0, -1)
              .map(({ name }) => name || '/')
              .join(' › ')}
          </p>
        )}
      </div>
      <Facts items={facts} />
      {node.kind === 'file' && <Index node={node} />}
      {node.kind === 'file' && <Tags node={node} />}
      {node.kind === 'file' && <Versions detail={detail} />}
    </div>
  );
}

const heading = 'mb-1.5 text-small font-medium text-soft';

function Index({ node }: { readonly node: DriveNodeAnswer }) {
  const say = useWords(driveWords);
  const sayCommon = useWords(common);
  const again = useSend('POST /api/drive/nodes/:id/index', ['GET /api/drive/nodes/:id', 'GET /api/drive/folders/:id']);
  const status = node.index?.status ?? (node.notIndexed === null && node.trashedAt === null ? 'queued' : 'none');
  const reason = node.index?.reason ?? node.notIndexed;
  const counts = node.index?.status === 'ready' ? sayCommon('passages', { count: node.index.passages }) : '';
  return (
    <section>
      <h3 className={heading}>{say('index')}</h3>
      <p className="flex flex-wrap items-center gap-2">
        <Chip tone={tones[status] ?? 'idle'}>{say(`index_${status}`)}</Chip>
        {counts && <span className="text-soft">{counts}</span>}
      </p>
      {reason && <p className={`mt-1 break-words ${status === 'failed' ? 'text-bad' : 'text-soft'}`}>{reason}</p>}
      {node.may.includes('write') && status === 'failed' && (
        <Button className="mt-2" busy={again.isPending} onClick={() => again.mutate({ params: { id: node.id } })}>
          {say('readAgain')}
        </Button>
      )}
    </section>
  );
}

function Tags({ node }: { readonly node: DriveNodeAnswer }) {
  const say = useWords(driveWords);
  const queries = useQueryClient();
  const change = useSend('PATCH /api/drive/nodes/:id');
  const [text, setText] = useState('');
  const own = node.tags.filter(({ automatic }) => !automatic).map(({ tag }) => tag);
  const save = (tags: readonly string[]) =>
    change.mutate(
      { params: { id: node.id }, body: { tags } },
      { onSuccess: () => void refreshDrive(queries), onError: (error) => tell(sentenceOf(error)) },
    );
  const mayWrite = node.may.includes('write');
  return (
    <section>
      <h3 className={heading}>{say('tags')}</h3>
      {node.tags.length > 0 && (
        <ul className="mb-2 flex flex-wrap gap-1.5">
          {node.tags.map(({ tag, automatic }) => (
            <li key={tag} className="inline-flex items-center rounded-full bg-hair pl-2.5 text-small">
              <Link
                to="/drive"
                search={{ tag } as never}
                aria-label={say('findTag', { tag })}
                title={automatic ? say('automatic') : undefined}
                className={`py-0.5 hover:underline ${automatic ? 'pr-2.5 text-soft' : ''}`}
              >
                {tag}
              </Link>
              {!automatic && mayWrite && (
                <IconButton
                  icon="close"
                  label={say('removeTag', { tag })}
                  onClick={() => save(own.filter((each) => each !== tag))}
                  className="size-6"
                />
              )}
            </li>
          ))}
        </ul>
      )}
      {mayWrite && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (text.trim() === '') return;
            save([...own, text.trim()]);
            setText('');
          }}
        >
          <TextField
            quiet
            label={say('addTag')}
            placeholder={say('addTag')}
            maxLength={64}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </form>
      )}
    </section>
  );
}

function Versions({ detail: { node, versions } }: { readonly detail: DriveDetail }) {
  const say = useWords(driveWords);
  const format = useFormat();
  const queries = useQueryClient();
  const restore = useSend('POST /api/drive/nodes/:id/versions/:number/restore');
  const remove = useSend('DELETE /api/drive/nodes/:id/versions/:number');
  const after = { onSuccess: () => void refreshDrive(queries), onError: (error: unknown) => tell(sentenceOf(error)) };
  const mayWrite = node.may.includes('write') && node.trashedAt === null;
  return (
    <section>
      <h3 className={heading}>{say('versions')}</h3>
      <ul className="grid">
        {versions.map(({ number, sizeBytes, createdAt }) => {
          const params = { id: node.id, number: String(number) };
          return (
            <li key={number} className="flex items-center gap-1 border-b border-hair py-1 last:border-0">
              <div className="min-w-0 flex-1">
                <p>
                  {say('version', { number })}
                  {number === node.version && <span className="text-soft"> · {say('current')}</span>}
                </p>
                <p className="text-small text-soft">
                  {format.time(createdAt)} · {format.bytes(sizeBytes)}
                </p>
              </div>
              {number !== node.version && mayWrite && (
                <>
                  <IconButton
                    icon="again"
                    label={`${say('restoreVersion')}: ${say('version', { number })}`}
                    onClick={() => restore.mutate({ params }, after)}
                  />
                  <IconButton
                    icon="trash"
                    label={`${say('deleteVersion')}: ${say('version', { number })}`}
                    onClick={() => remove.mutate({ params }, after)}
                  />
                </>
              )}
              <a
                href={contentUrl(node.id, `?version=${number}&download`)}
                aria-label={`${say('download')}: ${say('version', { number })}`}
                title={say('download')}
                className="inline-grid size-8 place-items-center rounded-control text-soft hover:bg-hair hover:text-ink"
              >
                <Icon name="download" />
              </a>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
