import { KeysCard } from '../../keys/keys-card.tsx';
import { useReader } from '../../session/use-session.ts';
import { useFilters } from '../../shell/use-filters.ts';
import { PageFrame } from '../../ui/page.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { common } from '../../words/common.ts';
import { useWords } from '../../words/define-words.ts';
import { AuditCard } from './audit-card.tsx';
import { LookCard } from './look-card.tsx';
import { NodeCard } from './node-card.tsx';
import { PasskeysCard } from './passkeys-card.tsx';
import { PasswordCard, ProfileCard } from './profile-card.tsx';
import { SessionsCard } from './sessions-card.tsx';
import { settingsWords } from './words.ts';

/** The reader's own settings; for those who keep the node, its state, backup and audit. */
export default function SettingsPage() {
  const say = useWords(settingsWords);
  const sayCommon = useWords(common);
  const { person, may, needsCredential } = useReader();
  const [filters, filter] = useFilters();
  const tabs = [
    {
      value: 'you',
      label: say('tab_you'),
      content: (
        <div className="grid items-start gap-5 lg:grid-cols-2">
          <ProfileCard />
          <LookCard />
          <PasswordCard />
          <PasskeysCard />
        </div>
      ),
    },
    { value: 'sessions', label: say('tab_sessions'), content: <SessionsCard /> },
    { value: 'keys', label: say('tab_keys'), content: <KeysCard owner={person.id} /> },
    ...(may.includes('settings')
      ? [
          { value: 'node', label: say('tab_node'), content: <NodeCard /> },
          { value: 'audit', label: say('tab_audit'), content: <AuditCard /> },
        ]
      : []),
  ];
  return (
    <PageFrame
      sentence={say('sentence', {
        name: person.name || person.email,
        role: sayCommon(`role_${person.role}`).toLowerCase(),
      })}
      under={needsCredential ? say('needsCredential') : sayCommon(`role_${person.role}`)}
    >
      <Tabs
        value={tabs.some(({ value }) => value === filters.tab) ? (filters.tab ?? 'you') : 'you'}
        onChange={(tab) => filter({ tab })}
        tabs={tabs}
      />
    </PageFrame>
  );
}
