import type { Command } from '../command.ts';

export const demo: Command = {
  name: 'demo',
  summary: 'Load a sample company with known true effects, to see the cockpit full; --remove takes it away.',
  options: [{ flags: '--remove', description: 'take the sample company away again' }],
  example: 'myriad demo',
  async run(context) {
    const node = await context.node();
    const answer =
      context.options.remove === true
        ? await node.call('DELETE /api/cockpit/demo')
        : await node.call('POST /api/cockpit/demo');
    const seconds = (answer.tookMs / 1000).toFixed(1);
    context.terminal.answer(answer, () =>
      answer.loaded
        ? `Sample company loaded in ${seconds} s: ${answer.apps} apps, ${answer.exposures} exposures, ${answer.events} KPI events. All of it is marked as sample. See Cockpit; \`myriad demo --remove\` takes it away.`
        : `Sample company removed in ${seconds} s.`,
    );
    return 0;
  },
};
