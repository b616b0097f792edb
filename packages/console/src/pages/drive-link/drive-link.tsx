import { useParams } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useApi, useSend } from '../../api/use-api.ts';
import { fileIcon } from '../../drive/file-kind.ts';
import { useFormat } from '../../format/use-format.ts';
import { Brand } from '../../shell/brand.tsx';
import { Button, buttonClass } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Card, Empty, PageFrame, Waiting } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { common } from '../../words/common.ts';
import { useWords } from '../../words/define-words.ts';
import { linkWords } from './words.ts';

/** What a link opens, for whoever has it: no session, no rail. */
export default function DriveLinkPage() {
  const { token = '' } = useParams({ strict: false }) as { token?: string };
  const say = useWords(linkWords);
  const sayCommon = useWords(common);
  const format = useFormat();
  const [ticket, setTicket] = useState('');
  const [folder, setFolder] = useState('');
  const query = { ...(ticket === '' ? {} : { ticket }), ...(folder === '' ? {} : { folder }) };
  const link = useApi(
    'GET /api/open/links/:token',
    { params: { token }, query: { ...query, limit: '500' } },
    { retry: false },
  );
  const shown = link.data;
  useEffect(() => {
    if (shown?.name) document.title = `${shown.name} · Myriad`;
  }, [shown?.name]);
  const address = (node?: string) => {
    const search = new URLSearchParams({
      download: '',
      ...(node ? { node } : {}),
      ...(ticket === '' ? {} : { ticket }),
    });
    return `/api/open/links/${encodeURIComponent(token)}/content?${search}`;
  };
  const facts = shown
    ? [
        shown.kind === 'file' && shown.sizeBytes !== null ? format.bytes(shown.sizeBytes) : '',
        shown.expiresAt === null ? '' : say('until', { time: format.time(shown.expiresAt) }),
        shown.downloadsLeft === null ? '' : say('left', { count: shown.downloadsLeft }),
      ]
        .filter(Boolean)
        .join(' · ')
    : '';
  const above = shown?.path.at(-2);
  return (
    <main className="mx-auto max-w-[860px] pt-8">
      <div className="px-4 md:px-8">
        <Brand />
      </div>
      {link.error && (
        <PageFrame sentence={say('gone')} under={say('goneUnder')}>
          {null}
        </PageFrame>
      )}
      {link.isPending && (
        <PageFrame sentence={<span aria-hidden="true">…</span>}>
          <Waiting label={sayCommon('loading')} />
        </PageFrame>
      )}
      {shown?.locked && (
        <PageFrame sentence={say('locked')}>
          <Unlock token={token} onTicket={setTicket} />
        </PageFrame>
      )}
      {shown && !shown.locked && (
        <PageFrame
          sentence={say(shown.kind === 'folder' ? 'folder' : 'file', { name: shown.name ?? '' })}
          under={facts}
          actions={
            shown.kind === 'file' && (
              <a href={address()} className={buttonClass('primary')}>
                {say('download')}
              </a>
            )
          }
        >
          {shown.kind === 'folder' && (
            <Card flush>
              {above && (
                <button
                  type="button"
                  onClick={() => setFolder(above.id)}
                  className="flex min-h-10 w-full items-center gap-2 border-b border-hair px-4 text-left text-soft hover:text-ink"
                >
                  <Icon name="left" />
                  {say('back', { name: above.name })}
                </button>
              )}
              {shown.items.length === 0 && <Empty title={say('empty')} />}
              <ul>
                {shown.items.map((item) => (
                  <li key={item.id} className="flex items-center gap-3 border-b border-hair px-4 py-2 last:border-0">
                    <span className={item.kind === 'folder' ? 'text-data' : 'text-soft'}>
                      <Icon name={fileIcon(item)} size={18} />
                    </span>
                    {item.kind === 'folder' ? (
                      <button
                        type="button"
                        className="min-w-0 flex-1 truncate text-left hover:underline"
                        onClick={() => setFolder(item.id)}
                      >
                        {item.name}
                      </button>
                    ) : (
                      <>
                        <span className="min-w-0 flex-1 truncate">{item.name}</span>
                        <span className="text-soft">{format.bytes(item.sizeBytes)}</span>
                        <a
                          href={address(item.id)}
                          aria-label={say('downloadOne', { name: item.name })}
                          className="inline-grid size-8 place-items-center rounded-control text-soft hover:bg-hair hover:text-ink"
                        >
                          <Icon name="download" />
                        </a>
                      </>
                    )}
                  </li>
                ))}
              </ul>
            </Card>
          )}
        </PageFrame>
      )}
    </main>
  );
}

function Unlock({ token, onTicket }: { readonly token: string; readonly onTicket: (ticket: string) => void }) {
  const say = useWords(linkWords);
  const [password, setPassword] = useState('');
  const unlock = useSend('POST /api/open/links/:token/unlock');
  return (
    <form
      className="grid max-w-[360px] gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        unlock.mutate({ params: { token }, body: { password } }, { onSuccess: ({ ticket }) => onTicket(ticket) });
      }}
    >
      <TextField
        label={say('password')}
        type="password"
        autoComplete="off"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <ProblemNote error={unlock.error} />
      <div>
        <Button type="submit" look="primary" busy={unlock.isPending} disabled={password === ''}>
          {say('unlock')}
        </Button>
      </div>
    </form>
  );
}
