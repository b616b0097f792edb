import { usePages } from '../../api/use-api.ts';
import { useFormat } from '../../format/use-format.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Table } from '../../ui/table.tsx';
import { common } from '../../words/common.ts';
import { useWords } from '../../words/define-words.ts';
import { decisionWords } from './words.ts';

/** The newest entries of the audit chain, each with the beginning of its hash and of the one it follows. */
export function AuditChain() {
  const say = useWords(decisionWords);
  const sayCommon = useWords(common);
  const format = useFormat();
  const audit = usePages('GET /api/audit', { query: { limit: '20' } });
  return (
    <Card flush title={say('chain')}>
      <p className="px-[18px] pb-2 text-soft">{say('chainUnder')}</p>
      <ProblemNote error={audit.error} />
      {audit.items.length > 0 && (
        <Table
          caption={say('chain')}
          rows={audit.items}
          rowKey={({ sequence }) => String(sequence)}
          columns={[
            { key: 'sequence', title: '#', cell: ({ sequence }) => sequence },
            {
              key: 'action',
              title: say('action'),
              cell: ({ action, object }) => (
                <>
                  {action} <code className="font-mono text-small break-all text-soft">{object}</code>
                </>
              ),
            },
            {
              key: 'when',
              title: say('when'),
              cell: ({ time }) => <time className="whitespace-nowrap text-soft">{format.time(time)}</time>,
            },
            {
              key: 'hash',
              title: say('hash'),
              wideOnly: true,
              cell: ({ hash, previousHash }) => (
                <code className="font-mono text-small whitespace-nowrap">
                  {hash.slice(0, 10)}{' '}
                  <span className="text-soft">
                    {say('follows')} {previousHash.slice(0, 10)}
                  </span>
                </code>
              ),
            },
          ]}
        />
      )}
      {audit.hasNextPage && (
        <Button look="quiet" className="m-2" onClick={() => void audit.fetchNextPage()}>
          {sayCommon('loadMore')}
        </Button>
      )}
    </Card>
  );
}
