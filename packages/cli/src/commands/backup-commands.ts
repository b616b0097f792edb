import { resolve } from 'node:path';
import { MyriadError } from '@myriad/contracts';
import { loadConfig } from '@myriad/server/config';
import { type Command, textOption } from '../command.ts';
import { formatBytes } from '../format.ts';
import { runningNode } from '../node-client.ts';

export const backup: Command = {
  name: 'backup',
  summary: 'Make a consistent copy of all data while the node serves.',
  arguments: [{ flags: '<folder>', description: 'new folder for the copy' }],
  example: 'myriad backup ./backups/2026-11-24',
  async run(context, folder) {
    const node = await context.node();
    const receipt = await node.call('POST /api/backup', { body: { path: resolve(context.cwd, folder as string) } });
    context.terminal.answer(
      receipt,
      () =>
        `${receipt.path} holds the copy: ${formatBytes(receipt.sizeBytes)}, checksum ${receipt.checksum}. It contains the node's secret key: keep it as safe as the node.`,
    );
    return 0;
  },
};

export const restore: Command = {
  name: 'restore',
  summary: 'Put a copy back, after checking every byte of it.',
  arguments: [{ flags: '<folder>', description: 'folder that `backup` made' }],
  options: [{ flags: '--force', description: 'replace data that is there' }],
  example: 'myriad restore ./backups/2026-11-24 --data ./myriad-data',
  async run(context, folder) {
    const { config } = loadConfig({
      environment: context.environment,
      cwd: context.cwd,
      flags: { data: textOption(context, 'data') },
    });
    const target = resolve(context.cwd, config.data);
    if (await runningNode(target))
      throw new MyriadError('storage_locked', `A node serves ${target} now; stop it first.`);
    const { restoreBackup } = await import('@myriad/server');
    const receipt = await restoreBackup(resolve(context.cwd, folder as string), target, {
      force: context.options.force === true,
    });
    context.terminal.answer(
      receipt,
      () =>
        `${target} is restored: ${receipt.files} files, ${formatBytes(receipt.sizeBytes)}, checksum ${receipt.checksum} verified.`,
    );
    return 0;
  },
};
