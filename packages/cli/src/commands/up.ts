import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { loadConfig } from '@myriad/server/config';
import { type Command, textOption } from '../command.ts';

export const up: Command = {
  name: 'up',
  summary: 'Start the node and serve until told to stop.',
  options: [
    { flags: '--port <number>', description: 'port to listen on (default 8420; 0 takes a free one)' },
    { flags: '--host <address>', description: 'address to listen on (default 127.0.0.1)' },
    { flags: '--database <url>', description: '`sqlite`, or a PostgreSQL address' },
    { flags: '--log <level>', description: 'silent, error, info or debug' },
  ],
  example: 'myriad up --port 9000 --data ./my-data',
  async run(context) {
    const port = textOption(context, 'port');
    const config = textOption(context, 'config');
    const loaded = loadConfig({
      environment: context.environment,
      cwd: context.cwd,
      flags: {
        port: port === undefined ? undefined : Number(port),
        host: textOption(context, 'host'),
        data: textOption(context, 'data'),
        database: textOption(context, 'database'),
        log: textOption(context, 'log'),
      },
      ...(config ? { file: config } : {}),
    });
    const { boot } = await import('@myriad/server');
    const node = await boot({ loaded, environment: context.environment, startLocalModels: true });
    context.terminal.answer(
      {
        url: node.url,
        ownerLink: node.ownerLink,
        readyMs: Math.round(node.readyMs),
        version: node.house.version,
        data: node.house.dataFolder,
      },
      () =>
        [
          `Myriad ${node.house.version} is ready at ${node.url} (${(node.readyMs / 1000).toFixed(1)} s). Data: ${node.house.dataFolder}`,
          ...(node.ownerLink ? [`Open this link once to become the owner: ${node.ownerLink}`] : []),
        ].join('\n'),
    );
    releaseStartGarbage();
    const signal = await stopSignal();
    context.terminal.note(
      `Stopping (${signal}); streams in flight get up to ${loaded.config.limits.shutdownMs / 1000} s. A second signal stops at once.`,
    );
    await node.close();
    return 0;
  },
};

/**
 * What the start left behind (sources, module graphs) goes back to the machine at once, instead of when the heap next
 * grows: an idle node would carry it for hours.
 */
function releaseStartGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (options: {
    readonly type: 'major';
    readonly flavor: 'last-resort';
  }) => void;
  setTimeout(() => collect({ type: 'major', flavor: 'last-resort' }), 1_000).unref();
}

/** Resolves at the first SIGTERM or SIGINT; a second one ends the process. */
function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let asked = false;
    const on = (signal: NodeJS.Signals) => {
      if (asked) process.exit(1);
      asked = true;
      resolve(signal);
    };
    process.on('SIGTERM', on);
    process.on('SIGINT', on);
  });
}
