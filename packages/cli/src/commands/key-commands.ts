import type { KeyScope } from '@myriad/contracts';
import { type Command, listOption, textOption } from '../command.ts';
import { formatTime } from '../format.ts';
import { table } from '../terminal.ts';

const dayMs = 86_400_000;

export const keyCreate: Command = {
  name: 'key create',
  summary: 'Make an API key. The key is shown once.',
  arguments: [{ flags: '<name>', description: 'what the key is for' }],
  options: [
    {
      flags: '--scopes <list>',
      description:
        'runs:write, runs:read, kpi:write, knowledge:write, apps:write, drive, admin (default the first three)',
    },
    { flags: '--apps <list>', description: 'apps that it may call (default all that its owner may)' },
    { flags: '--for-app <app>', description: 'the key belongs to this app instead of a person' },
    { flags: '--days <number>', description: 'days until it expires (default never)' },
  ],
  example: 'myriad key create "orders service" --scopes kpi:write --days 90',
  async run(context, name) {
    const node = await context.node();
    const scopes = listOption(context, 'scopes') as readonly KeyScope[];
    const apps = listOption(context, 'apps');
    const forApp = textOption(context, 'forApp');
    const days = textOption(context, 'days');
    const created = await node.call('POST /api/keys', {
      body: {
        name: name as string,
        ...(scopes.length > 0 ? { scopes } : {}),
        ...(apps.length > 0 ? { apps } : {}),
        ...(forApp ? { forApp } : {}),
        ...(days ? { expiresAt: Date.now() + Number(days) * dayMs } : {}),
      },
    });
    context.terminal.answer(
      created,
      () => `${created.secret}\n\nThis is shown once; only its hash is kept. Scopes: ${created.key.scopes.join(', ')}.`,
    );
    return 0;
  },
};

export const keyList: Command = {
  name: 'key list',
  summary: 'List API keys.',
  example: 'myriad key list --json',
  async run(context) {
    const node = await context.node();
    const { items } = await node.call('GET /api/keys', { query: { limit: '500' } });
    context.terminal.answer(items, () =>
      items.length === 0
        ? 'No keys yet. `myriad key create NAME` makes one.'
        : table(
            ['id', 'name', 'begins', 'scopes', 'last used', 'state'],
            items.map((key) => [
              key.id,
              key.name,
              key.prefix,
              key.scopes.join(' '),
              formatTime(key.lastUsedAt),
              key.revokedAt ? 'revoked' : key.expiresAt && key.expiresAt < Date.now() ? 'expired' : 'active',
            ]),
          ),
    );
    return 0;
  },
};

export const keyRevoke: Command = {
  name: 'key revoke',
  summary: 'End a key at once.',
  arguments: [{ flags: '<id>', description: 'id of the key, as `key list` shows it' }],
  example: 'myriad key revoke key_01…',
  async run(context, id) {
    const node = await context.node();
    await node.call('DELETE /api/keys/:id', { params: { id: id as string } });
    context.terminal.answer({ revoked: id }, () => `${id} is revoked.`);
    return 0;
  },
};
