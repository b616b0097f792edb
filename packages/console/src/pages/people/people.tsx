import { useState } from 'react';
import { useApi, usePages } from '../../api/use-api.ts';
import { KeysCard } from '../../keys/keys-card.tsx';
import { useFilters } from '../../shell/use-filters.ts';
import { Button } from '../../ui/button.tsx';
import { PageFrame } from '../../ui/page.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { useWords } from '../../words/define-words.ts';
import { GroupsCard } from './groups-card.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { InvitesCard } from './invites-card.tsx';
import { PeopleCard } from './people-card.tsx';
import { peopleWords } from './words.ts';

/** Who may come in, in which role and groups, with which keys. */
export default function PeoplePage() {
  const say = useWords(peopleWords);
  const [filters, filter] = useFilters();
  const [inviting, setInviting] = useState(false);
  const people = usePages('GET /api/people', { query: { limit: '500' } });
  const invites = useApi('GET /api/invites');
  const [now] = useState(() => Date.now());
  const active = people.items.filter(({ disabled }) => !disabled).length;
  const open = (invites.data?.items ?? []).filter(({ usedAt, expiresAt }) => usedAt === null && expiresAt > now).length;
  const tabs = [
    { value: 'people', label: say('tab_people'), content: <PeopleCard /> },
    { value: 'groups', label: say('tab_groups'), content: <GroupsCard people={people.items} /> },
    { value: 'invites', label: say('tab_invites'), content: <InvitesCard /> },
    { value: 'keys', label: say('tab_keys'), content: <KeysCard /> },
  ];
  return (
    <PageFrame
      sentence={people.isSuccess ? say('count', { count: active }) : say('sentence')}
      under={open > 0 ? say('waiting', { count: open }) : say('under')}
      actions={
        <Button look="primary" onClick={() => setInviting(true)}>
          {say('invite')}
        </Button>
      }
    >
      <Tabs
        value={tabs.some(({ value }) => value === filters.tab) ? (filters.tab ?? 'people') : 'people'}
        onChange={(tab) => filter({ tab })}
        tabs={tabs}
      />
      {inviting && <InviteDialog onClose={() => setInviting(false)} />}
    </PageFrame>
  );
}
