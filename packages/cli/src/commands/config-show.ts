import { configJsonSchema, loadConfig } from '@myriad/server/config';
import { type Command, textOption } from '../command.ts';
import { table } from '../terminal.ts';

export const configShow: Command = {
  name: 'config show',
  summary: 'Print every setting, its value and where it came from.',
  options: [{ flags: '--schema', description: 'print the JSON Schema of myriad.yaml instead, for editors' }],
  example: 'MYRIAD_PORT=9000 myriad config show',
  async run(context) {
    if (context.options.schema) {
      context.terminal.write(`${JSON.stringify(configJsonSchema(), null, 2)}\n`);
      return 0;
    }
    const file = textOption(context, 'config');
    const loaded = loadConfig({
      environment: context.environment,
      cwd: context.cwd,
      flags: { data: textOption(context, 'data') },
      ...(file ? { file } : {}),
    });
    context.terminal.answer({ file: loaded.file, entries: loaded.entries }, () =>
      [
        loaded.file ? `File: ${loaded.file}` : 'No myriad.yaml here: every setting has its default unless said below.',
        '',
        table(
          ['setting', 'value', 'from', 'what it is'],
          loaded.entries.map((entry) => [
            entry.path,
            JSON.stringify(entry.value) ?? 'not set',
            entry.source,
            entry.description ?? '',
          ]),
        ),
      ].join('\n'),
    );
    return 0;
  },
};
