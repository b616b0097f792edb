import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useFormat } from '../../format/use-format.ts';
import { addPasskey, listPasskeys, passkeysWork, removePasskey } from '../../session/passkey.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { common } from '../../words/common.ts';
import { useWords } from '../../words/define-words.ts';
import { settingsWords } from './words.ts';

const passkeysKey = ['passkeys'];

export function PasskeysCard() {
  const say = useWords(settingsWords);
  const sayCommon = useWords(common);
  const format = useFormat();
  const queries = useQueryClient();
  const works = passkeysWork();
  const onSuccess = () => queries.invalidateQueries({ queryKey: passkeysKey });
  const list = useQuery({ queryKey: passkeysKey, queryFn: listPasskeys, enabled: works, retry: false });
  const add = useMutation({
    mutationFn: () => addPasskey(say('passkeyName', { date: format.day(Date.now()) })),
    onSuccess,
  });
  const remove = useMutation({ mutationFn: removePasskey, onSuccess });
  return (
    <Card title={say('passkeys')}>
      <p className="mb-2 text-soft">{say(works ? 'passkeysUnder' : 'passkeysCannot')}</p>
      {list.data?.length === 0 && <p className="mb-2">{say('noPasskeys')}</p>}
      <ul>
        {list.data?.map((passkey) => (
          <li key={passkey.id} className="flex items-center justify-between gap-3 border-t border-hair py-1.5">
            <span className="min-w-0 truncate">{passkey.name || passkey.id.slice(0, 10)}</span>
            <Button busy={remove.isPending} onClick={() => remove.mutate(passkey.id)}>
              {sayCommon('remove')}
            </Button>
          </li>
        ))}
      </ul>
      <ProblemNote error={add.error ?? remove.error} />
      {works && (
        <Button busy={add.isPending} className="mt-2" onClick={() => add.mutate()}>
          {say('addPasskey')}
        </Button>
      )}
    </Card>
  );
}
