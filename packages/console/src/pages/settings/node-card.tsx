import { useState } from 'react';
import { useApi, useSend } from '../../api/use-api.ts';
import { useFormat } from '../../format/use-format.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Card, Facts, Waiting } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { common } from '../../words/common.ts';
import { useWords } from '../../words/define-words.ts';
import { settingsWords } from './words.ts';

const refreshMs = 5_000;

export function NodeCard() {
  const say = useWords(settingsWords);
  const sayCommon = useWords(common);
  const format = useFormat();
  const status = useApi('GET /api/status', {}, { refetchInterval: refreshMs });
  const node = status.data;
  return (
    <div className="grid items-start gap-5 lg:grid-cols-2">
      <Card title={say('node')}>
        <ProblemNote error={status.error} onRetry={() => void status.refetch()} />
        {status.isPending && <Waiting label={sayCommon('loading')} />}
        {node && (
          <Facts
            items={[
              [say('version'), node.version],
              [say('up'), format.duration(Date.now() - node.startedAt)],
              [say('store'), say('storeValue', { store: node.store, schema: node.schemaVersion })],
              [
                say('data'),
                <code key="data" className="font-mono text-small break-all">
                  {node.data}
                </code>,
              ],
              [say('memory'), format.bytes(node.rssBytes)],
              [say('apps'), format.number(node.apps)],
              [say('inFlight'), format.number(node.inFlight)],
            ]}
          />
        )}
      </Card>
      <BackupCard />
      {node && node.pools.length > 0 && (
        <Card title={say('pools')}>
          <Facts
            items={node.pools.map((pool) => [
              pool.model,
              say('poolLine', { inFlight: pool.inFlight, limit: pool.limit, queued: pool.queued }),
            ])}
          />
        </Card>
      )}
    </div>
  );
}

function BackupCard() {
  const say = useWords(settingsWords);
  const format = useFormat();
  const backup = useSend('POST /api/backup');
  const [path, setPath] = useState(() => `./backup-${new Date().toISOString().slice(0, 10)}`);
  return (
    <Card title={say('backup')}>
      <form
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          backup.mutate({ body: { path: path.trim() } });
        }}
      >
        <p className="text-soft">{say('backupUnder')}</p>
        <TextField label={say('backupPath')} required value={path} onChange={(event) => setPath(event.target.value)} />
        <ProblemNote error={backup.error} />
        <div>
          <Button type="submit" busy={backup.isPending}>
            {say('backupNow')}
          </Button>
        </div>
        {backup.data && (
          <div role="status">
            <p className="text-good">
              {say('backupDone', { size: format.bytes(backup.data.sizeBytes), path: backup.data.path })}
            </p>
            <p className="text-small text-soft">
              {say('checksum')}: <code className="font-mono break-all">{backup.data.checksum}</code>
            </p>
          </div>
        )}
      </form>
    </Card>
  );
}
