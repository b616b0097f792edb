import type { ApiKey } from '@myriad/contracts';
import { useState } from 'react';
import { usePages, useSend } from '../api/use-api.ts';
import { useFormat } from '../format/use-format.ts';
import { Button } from '../ui/button.tsx';
import { Card, Chip } from '../ui/page.tsx';
import { ProblemNote, sentenceOf } from '../ui/problem-note.tsx';
import { tell } from '../ui/toast.tsx';
import { common } from '../words/common.ts';
import { useWords } from '../words/define-words.ts';
import { NewKeyDialog } from './new-key-dialog.tsx';
import { keyWords } from './words.ts';

/** Keys of one owner, or of everyone; made, and revoked at once. */
export function KeysCard({ owner }: { readonly owner?: string }) {
  const say = useWords(keyWords);
  const sayCommon = useWords(common);
  const [making, setMaking] = useState(false);
  const keys = usePages('GET /api/keys', { query: owner ? { owner } : {} });
  return (
    <Card flush title={say('title')} note={<Button onClick={() => setMaking(true)}>{say('new')}</Button>}>
      <p className="px-[18px] pb-2 text-soft">{say('under')}</p>
      <ProblemNote error={keys.error} />
      {keys.isSuccess && keys.items.length === 0 && <p className="px-[18px] pb-4">{say('none')}</p>}
      <ul>
        {keys.items.map((key) => (
          <Row key={key.id} apiKey={key} />
        ))}
      </ul>
      {keys.hasNextPage && (
        <Button look="quiet" className="m-2" onClick={() => void keys.fetchNextPage()}>
          {sayCommon('loadMore')}
        </Button>
      )}
      {making && <NewKeyDialog onClose={() => setMaking(false)} />}
    </Card>
  );
}

function Row({ apiKey: key }: { readonly apiKey: ApiKey }) {
  const say = useWords(keyWords);
  const format = useFormat();
  const revoke = useSend('DELETE /api/keys/:id', ['GET /api/keys']);
  const facts = [
    key.scopes.map((scope) => say(`scope_${scope}`)).join(', '),
    ...(key.apps.length > 0 ? [key.apps.join(', ')] : []),
    ...(key.ownerKind === 'app' ? [say('forApp')] : []),
    key.lastUsedAt === null ? say('neverUsed') : say('lastUsed', { ago: format.ago(key.lastUsedAt) }),
    ...(key.expiresAt === null ? [] : [say('expiresAt', { when: format.day(key.expiresAt) })]),
  ];
  return (
    <li className="flex flex-wrap items-center gap-3 border-t border-hair px-[18px] py-2.5">
      <div className="min-w-0 flex-1 basis-60">
        <p className="flex flex-wrap items-center gap-2">
          <span className="font-medium">{key.name}</span>
          <code className="font-mono text-small text-soft">{key.prefix}…</code>
          {key.revokedAt !== null && <Chip tone="idle">{say('revoked')}</Chip>}
        </p>
        <p className="text-small text-soft">{facts.join(' · ')}</p>
      </div>
      {key.revokedAt === null && (
        <Button
          busy={revoke.isPending}
          aria-label={`${say('revoke')}: ${key.name}`}
          onClick={() =>
            revoke.mutate(
              { params: { id: key.id } },
              { onSuccess: () => tell(say('revokeDone'), key.name), onError: (error) => tell(sentenceOf(error)) },
            )
          }
        >
          {say('revoke')}
        </Button>
      )}
    </li>
  );
}
