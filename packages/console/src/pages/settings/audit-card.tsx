import { useDeferredValue } from 'react';
import { usePages } from '../../api/use-api.ts';
import { useFormat } from '../../format/use-format.ts';
import { useFilters } from '../../shell/use-filters.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Card } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Table } from '../../ui/table.tsx';
import { common } from '../../words/common.ts';
import { useWords } from '../../words/define-words.ts';
import { settingsWords } from './words.ts';

export function AuditCard() {
  const say = useWords(settingsWords);
  const sayCommon = useWords(common);
  const format = useFormat();
  const [filters, filter] = useFilters();
  const object = useDeferredValue(filters.object ?? '');
  const audit = usePages('GET /api/audit', { query: { object } });
  return (
    <>
      <TextField
        quiet
        type="search"
        label={say('auditSearch')}
        placeholder={say('auditSearch')}
        value={filters.object ?? ''}
        onChange={(event) => filter({ object: event.target.value })}
      />
      <ProblemNote error={audit.error} />
      <Card flush title={say('audit')}>
        <p className="px-[18px] pb-2 text-soft">{say('auditUnder')}</p>
        {audit.isSuccess && audit.items.length === 0 && <p className="px-[18px] pb-4">{say('auditEmpty')}</p>}
        {audit.items.length > 0 && (
          <Table
            caption={say('audit')}
            rows={audit.items}
            rowKey={({ sequence }) => String(sequence)}
            columns={[
              { key: 'sequence', title: '#', cell: ({ sequence, hash }) => <span title={hash}>{sequence}</span> },
              {
                key: 'when',
                title: say('when'),
                cell: ({ time }) => <span className="whitespace-nowrap text-soft">{format.time(time)}</span>,
              },
              {
                key: 'who',
                title: say('who'),
                wideOnly: true,
                cell: ({ actor }) => <code className="font-mono text-small">{actor}</code>,
              },
              { key: 'action', title: say('action'), cell: ({ action }) => action },
              {
                key: 'object',
                title: say('object'),
                cell: ({ object: about }) => <code className="font-mono text-small break-all">{about}</code>,
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
    </>
  );
}
