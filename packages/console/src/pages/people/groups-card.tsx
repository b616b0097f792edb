import type { Group, Person } from '@myriad/contracts';
import { useId, useState } from 'react';
import { useApi, useSend } from '../../api/use-api.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmByName, Dialog } from '../../ui/dialog.tsx';
import { CheckField, TextField } from '../../ui/field.tsx';
import { Card } from '../../ui/page.tsx';
import { ProblemNote, sentenceOf } from '../../ui/problem-note.tsx';
import { tell } from '../../ui/toast.tsx';
import { common } from '../../words/common.ts';
import { useWords } from '../../words/define-words.ts';
import { peopleWords } from './words.ts';

export function GroupsCard({ people }: { readonly people: readonly Person[] }) {
  const say = useWords(peopleWords);
  const groups = useApi('GET /api/groups');
  const remove = useSend('DELETE /api/groups/:name', ['GET /api/groups', 'GET /api/people']);
  const [editing, setEditing] = useState<Group | 'new' | null>(null);
  const [removing, setRemoving] = useState<Group | null>(null);
  const items = groups.data?.items ?? [];
  return (
    <Card flush title={say('tab_groups')} note={<Button onClick={() => setEditing('new')}>{say('newGroup')}</Button>}>
      <ProblemNote error={groups.error} />
      {groups.isSuccess && items.length === 0 && <p className="px-[18px] pb-4 text-soft">{say('noGroups')}</p>}
      <ul>
        {items.map((group) => (
          <li key={group.id} className="flex flex-wrap items-center gap-2 border-t border-hair px-[18px] py-2.5">
            <span className="min-w-0 flex-1 basis-48">
              <span className="font-medium">{group.name}</span>
              <span className="ml-3 text-soft">{say('members', { count: group.members.length })}</span>
            </span>
            <Button aria-label={`${say('change')}: ${group.name}`} onClick={() => setEditing(group)}>
              {say('change')}
            </Button>
            <Button aria-label={`${say('deleteGroup')}: ${group.name}`} onClick={() => setRemoving(group)}>
              {say('deleteGroup')}
            </Button>
          </li>
        ))}
      </ul>
      {editing && (
        <GroupDialog group={editing === 'new' ? null : editing} people={people} onClose={() => setEditing(null)} />
      )}
      <ConfirmByName
        open={removing !== null}
        onClose={() => setRemoving(null)}
        title={`${say('deleteGroup')}: ${removing?.name ?? ''}`}
        consequence={say('deleteGroupConsequence')}
        name={removing?.name ?? ''}
        action={say('deleteGroup')}
        onConfirm={() =>
          removing &&
          remove.mutate({ params: { name: removing.name } }, { onError: (error) => tell(sentenceOf(error)) })
        }
      />
    </Card>
  );
}

function GroupDialog({
  group,
  people,
  onClose,
}: {
  readonly group: Group | null;
  readonly people: readonly Person[];
  readonly onClose: () => void;
}) {
  const say = useWords(peopleWords);
  const sayCommon = useWords(common);
  const formId = useId();
  const put = useSend('PUT /api/groups/:name', ['GET /api/groups', 'GET /api/people']);
  const [name, setName] = useState(group?.name ?? '');
  const [members, setMembers] = useState<readonly string[]>(group?.members ?? []);
  return (
    <Dialog
      open
      onClose={onClose}
      title={group?.name ?? say('newGroup')}
      footer={
        <>
          <Button onClick={onClose}>{sayCommon('cancel')}</Button>
          <Button look="primary" type="submit" form={formId} busy={put.isPending}>
            {sayCommon('save')}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          put.mutate({ params: { name: name.trim() }, body: { members } }, { onSuccess: onClose });
        }}
      >
        {!group && (
          <TextField
            label={say('name')}
            required
            pattern="[\w.\-]+"
            maxLength={64}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
        <fieldset className="grid gap-1.5">
          <legend className="mb-1 text-small font-medium text-soft">{say('tab_people')}</legend>
          {people.map((person) => (
            <CheckField
              key={person.id}
              label={person.name || person.email}
              hint={person.email}
              checked={members.includes(person.id)}
              onChange={(event) =>
                setMembers((before) =>
                  event.target.checked ? [...before, person.id] : before.filter((each) => each !== person.id),
                )
              }
            />
          ))}
        </fieldset>
        <ProblemNote error={put.error} />
      </form>
    </Dialog>
  );
}
