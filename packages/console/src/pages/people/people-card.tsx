import type { Person } from '@myriad/contracts';
import { useDeferredValue, useId, useState } from 'react';
import { usePages, useSend } from '../../api/use-api.ts';
import { useFormat } from '../../format/use-format.ts';
import { parsePrincipals } from '../../knowledge/parse-principals.ts';
import { useReader } from '../../session/use-session.ts';
import { useFilters } from '../../shell/use-filters.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { Menu } from '../../ui/menu.tsx';
import { Card, Chip, Waiting } from '../../ui/page.tsx';
import { ProblemNote, sentenceOf } from '../../ui/problem-note.tsx';
import { Table } from '../../ui/table.tsx';
import { tell } from '../../ui/toast.tsx';
import { common } from '../../words/common.ts';
import { useWords } from '../../words/define-words.ts';
import { RoleField } from './role-field.tsx';
import { peopleWords } from './words.ts';

export function PeopleCard() {
  const say = useWords(peopleWords);
  const sayCommon = useWords(common);
  const format = useFormat();
  const { person: me } = useReader();
  const [filters, filter] = useFilters();
  const search = useDeferredValue(filters.search ?? '');
  const list = usePages('GET /api/people', { query: { search } });
  const change = useSend('PATCH /api/people/:id', ['GET /api/people']);
  const [changing, setChanging] = useState<Person | null>(null);
  const lock = (person: Person, disabled: boolean) =>
    change.mutate(
      { params: { id: person.id }, body: { disabled } },
      { onSuccess: () => tell(say(disabled ? 'locked' : 'unlocked')), onError: (error) => tell(sentenceOf(error)) },
    );
  return (
    <>
      <TextField
        quiet
        type="search"
        label={say('search')}
        placeholder={say('search')}
        value={filters.search ?? ''}
        onChange={(event) => filter({ search: event.target.value })}
      />
      <ProblemNote error={list.error} onRetry={() => void list.refetch()} />
      <Card flush>
        {list.isPending && <Waiting label={sayCommon('loading')} />}
        {list.isSuccess && list.items.length === 0 && (
          <p className="px-[18px] py-4 text-soft">{sayCommon('nothingFound', { query: search })}</p>
        )}
        {list.items.length > 0 && (
          <Table
            caption={say('tab_people')}
            rows={list.items}
            rowKey={({ id }) => id}
            columns={[
              {
                key: 'name',
                title: say('name'),
                cell: (person) => (
                  <>
                    <span className="font-medium">{person.name || person.email}</span>{' '}
                    {person.id === me.id && <span className="text-soft">({say('you')})</span>}{' '}
                    {person.disabled && <Chip tone="bad">{say('disabled')}</Chip>}
                    <span className="block text-small break-all text-soft">{person.email}</span>
                  </>
                ),
              },
              { key: 'role', title: say('role'), cell: ({ role }) => sayCommon(`role_${role}`) },
              {
                key: 'groups',
                title: say('groups'),
                wideOnly: true,
                cell: ({ groups }) => <span className="text-soft">{groups.join(', ')}</span>,
              },
              {
                key: 'seen',
                title: say('seen'),
                wideOnly: true,
                cell: ({ lastSeenAt }) => (
                  <span className="whitespace-nowrap text-soft">
                    {lastSeenAt === null ? sayCommon('never') : format.ago(lastSeenAt)}
                  </span>
                ),
              },
              {
                key: 'more',
                title: <span className="sr-only">{sayCommon('more')}</span>,
                number: true,
                cell: (person) => (
                  <Menu
                    trigger={<IconButton icon="more" label={say('options', { name: person.name })} />}
                    items={[
                      { key: 'change', label: say('change'), onSelect: () => setChanging(person) },
                      null,
                      {
                        key: 'lock',
                        label: say(person.disabled ? 'unlock' : 'lock'),
                        danger: !person.disabled,
                        disabled: person.id === me.id,
                        onSelect: () => lock(person, !person.disabled),
                      },
                    ]}
                  />
                ),
              },
            ]}
          />
        )}
        {list.hasNextPage && (
          <Button look="quiet" className="m-2" onClick={() => void list.fetchNextPage()}>
            {sayCommon('loadMore')}
          </Button>
        )}
      </Card>
      {changing && <PersonDialog person={changing} onClose={() => setChanging(null)} />}
    </>
  );
}

function PersonDialog({ person, onClose }: { readonly person: Person; readonly onClose: () => void }) {
  const say = useWords(peopleWords);
  const sayCommon = useWords(common);
  const formId = useId();
  const change = useSend('PATCH /api/people/:id', ['GET /api/people', 'GET /api/groups']);
  const [role, setRole] = useState(person.role);
  const [groups, setGroups] = useState(person.groups.join(', '));
  return (
    <Dialog
      open
      onClose={onClose}
      title={person.name || person.email}
      footer={
        <>
          <Button onClick={onClose}>{sayCommon('cancel')}</Button>
          <Button look="primary" type="submit" form={formId} busy={change.isPending}>
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
          change.mutate(
            { params: { id: person.id }, body: { role, groups: parsePrincipals(groups) } },
            { onSuccess: onClose },
          );
        }}
      >
        <RoleField role={role} onChange={setRole} />
        <TextField
          label={say('groups')}
          hint={say('groupsHint')}
          value={groups}
          onChange={(event) => setGroups(event.target.value)}
        />
        <ProblemNote error={change.error} />
      </form>
    </Dialog>
  );
}
