import type { KnowledgeDocument } from '@myriad/contracts';
import { myriad } from '../../api/client.ts';
import { useFormat } from '../../format/use-format.ts';
import { IconButton } from '../../ui/button.tsx';
import { Menu } from '../../ui/menu.tsx';
import { Chip, type Tone } from '../../ui/page.tsx';
import { Table } from '../../ui/table.tsx';
import { common } from '../../words/common.ts';
import { useWords } from '../../words/define-words.ts';
import { knowledgeWords } from '../knowledge/words.ts';

const tones: Readonly<Record<KnowledgeDocument['status'], Tone>> = {
  queued: 'idle',
  parsing: 'wait',
  ready: 'good',
  failed: 'bad',
};

export function DocumentTable({
  documents,
  onRetry,
  onDelete,
}: {
  readonly documents: readonly KnowledgeDocument[];
  readonly onRetry: (document: KnowledgeDocument) => void;
  readonly onDelete: (document: KnowledgeDocument) => void;
}) {
  const say = useWords(knowledgeWords);
  const sayCommon = useWords(common);
  const format = useFormat();
  return (
    <Table
      caption={say('documents')}
      rows={documents}
      rowKey={({ id }) => id}
      columns={[
        {
          key: 'name',
          title: say('document'),
          cell: (document) => (
            <>
              <span className="font-medium break-all">{document.name}</span>
              <span className="block text-small text-soft">
                {[
                  document.pages === null ? '' : sayCommon('pages', { count: document.pages }),
                  document.status === 'ready' ? sayCommon('passages', { count: document.passages }) : '',
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
              {document.reason && (
                <span
                  className={`block max-w-[60ch] text-small ${document.status === 'failed' ? 'text-bad' : 'text-wait'}`}
                >
                  {document.reason}
                </span>
              )}
            </>
          ),
        },
        {
          key: 'state',
          title: say('state'),
          cell: ({ status }) => (
            <span role={status === 'parsing' ? 'status' : undefined}>
              <Chip tone={tones[status]}>{sayCommon(`document_${status}`)}</Chip>
            </span>
          ),
        },
        {
          key: 'size',
          title: say('size'),
          number: true,
          wideOnly: true,
          cell: ({ sizeBytes }) => format.bytes(sizeBytes),
        },
        {
          key: 'added',
          title: say('added'),
          wideOnly: true,
          cell: ({ createdAt }) => (
            <time
              dateTime={new Date(createdAt).toISOString()}
              title={format.time(createdAt)}
              className="whitespace-nowrap text-soft"
            >
              {format.ago(createdAt)}
            </time>
          ),
        },
        {
          key: 'more',
          title: <span className="sr-only">{sayCommon('more')}</span>,
          number: true,
          cell: (document) => (
            <Menu
              trigger={<IconButton icon="more" label={say('options', { name: document.name })} />}
              items={[
                {
                  key: 'original',
                  label: say('original'),
                  onSelect: () => open(myriad.url(`/api/documents/${document.id}/original`), '_blank', 'noopener'),
                },
                { key: 'retry', label: say('retry'), onSelect: () => onRetry(document) },
                null,
                { key: 'delete', label: sayCommon('delete'), danger: true, onSelect: () => onDelete(document) },
              ]}
            />
          ),
        },
      ]}
    />
  );
}
