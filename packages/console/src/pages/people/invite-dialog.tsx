import type { Role } from '@myriad/contracts';
import { useId, useState } from 'react';
import { useSend } from '../../api/use-api.ts';
import { parsePrincipals } from '../../knowledge/parse-principals.ts';
import { Button } from '../../ui/button.tsx';
import { CodeSample } from '../../ui/code-sample.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { common } from '../../words/common.ts';
import { useWords } from '../../words/define-words.ts';
import { RoleField } from './role-field.tsx';
import { peopleWords } from './words.ts';

/** Makes an invite link; the owner passes it on. */
export function InviteDialog({ onClose }: { readonly onClose: () => void }) {
  const say = useWords(peopleWords);
  const sayCommon = useWords(common);
  const formId = useId();
  const invite = useSend('POST /api/invites', ['GET /api/invites']);
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('member');
  const [groups, setGroups] = useState('');
  if (invite.data) {
    return (
      <Dialog
        open
        onClose={onClose}
        title={say('linkReady')}
        footer={
          <Button look="primary" onClick={onClose}>
            {sayCommon('close')}
          </Button>
        }
      >
        <CodeSample title={say('link')} code={invite.data.link} />
      </Dialog>
    );
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={say('invite')}
      footer={
        <>
          <Button onClick={onClose}>{sayCommon('cancel')}</Button>
          <Button look="primary" type="submit" form={formId} busy={invite.isPending}>
            {say('makeLink')}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          invite.mutate({
            body: { role, groups: parsePrincipals(groups), ...(email.trim() === '' ? {} : { email: email.trim() }) },
          });
        }}
      >
        <TextField
          label={say('email')}
          hint={say('emailHint')}
          type="email"
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <RoleField role={role} onChange={setRole} />
        <TextField
          label={say('groups')}
          hint={say('groupsHint')}
          value={groups}
          onChange={(event) => setGroups(event.target.value)}
        />
        <ProblemNote error={invite.error} />
      </form>
    </Dialog>
  );
}
