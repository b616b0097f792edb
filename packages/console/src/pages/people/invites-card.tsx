import { useApi, useSend } from '../../api/use-api.ts';
import { useFormat } from '../../format/use-format.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/page.tsx';
import { ProblemNote, sentenceOf } from '../../ui/problem-note.tsx';
import { tell } from '../../ui/toast.tsx';
import { common } from '../../words/common.ts';
import { useWords } from '../../words/define-words.ts';
import { peopleWords } from './words.ts';

export function InvitesCard() {
  const say = useWords(peopleWords);
  const sayCommon = useWords(common);
  const format = useFormat();
  const invites = useApi('GET /api/invites');
  const withdraw = useSend('DELETE /api/invites/:id', ['GET /api/invites']);
  const items = invites.data?.items ?? [];
  return (
    <Card flush title={say('tab_invites')}>
      <ProblemNote error={invites.error} />
      {invites.isSuccess && items.length === 0 && <p className="px-[18px] pb-4 text-soft">{say('noInvites')}</p>}
      <ul>
        {items.map((invite) => (
          <li key={invite.id} className="flex flex-wrap items-center gap-3 border-t border-hair px-[18px] py-2.5">
            <span className="min-w-0 flex-1 basis-60">
              <span className="font-medium break-all">{invite.email ?? say('inviteFor')}</span>
              <span className="block text-small text-soft">
                {[
                  sayCommon(`role_${invite.role}`),
                  invite.groups.join(', '),
                  invite.usedAt === null
                    ? say('expires', { when: format.ago(invite.expiresAt) })
                    : say('used', { when: format.ago(invite.usedAt) }),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </span>
            {invite.usedAt === null && (
              <Button
                onClick={() =>
                  withdraw.mutate(
                    { params: { id: invite.id } },
                    { onSuccess: () => tell(say('withdrawn')), onError: (error) => tell(sentenceOf(error)) },
                  )
                }
              >
                {say('withdraw')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}
