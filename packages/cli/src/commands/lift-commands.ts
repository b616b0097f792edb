import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { MyriadError } from '@myriad/contracts';
import {
  type Analysis,
  analysisToJson,
  createAnalysis,
  createCsvParser,
  type KpiOption,
  LiftError,
  parseKpiOption,
  renderAnalysis,
  verifyVectors,
} from '@myriad/lift';
import { type Command, type CommandContext, listOption, textOption } from '../command.ts';
import { table } from '../terminal.ts';

/** A refusal of the statistics is a wrong use of the command. */
function asRefusal(error: unknown): never {
  if (error instanceof LiftError)
    throw new MyriadError('invalid_request', error.message, { facts: { ...error.facts } });
  throw error;
}

const unreadable = (path: string) => (cause: unknown) => {
  throw new MyriadError('not_found', `${path} cannot be read.`, { cause });
};

export const liftVerify: Command = {
  name: 'lift verify',
  summary: 'Recompute every row of a file of known answers.',
  arguments: [{ flags: '<file>', description: 'JSON with `vectors` and `derived`, or a list of rows' }],
  example: 'myriad lift verify vectors.json',
  async run(context, file = '') {
    const path = resolve(context.cwd, file);
    const text = await readFile(path, 'utf8').catch(unreadable(path));
    let parsed: unknown;
    try {
      parsed = JSON.parse(text);
    } catch (error) {
      throw new MyriadError('malformed_json', `${file} is not JSON: ${(error as Error).message}.`);
    }
    let report: ReturnType<typeof verifyVectors>;
    try {
      report = verifyVectors(parsed);
    } catch (error) {
      asRefusal(error);
    }
    context.terminal.answer(report, () =>
      [
        table(
          ['row', 'topic', 'result', 'worst deviation', 'tolerance'],
          report.rows.map((row) => [
            row.id,
            row.topic,
            row.pass ? 'pass' : row.unknown ? 'not checked' : 'FAIL',
            row.problem ?? row.worst.toPrecision(3),
            String(row.tolerance),
          ]),
        ),
        '',
        `${report.passed} passed, ${report.failed} failed${report.unknown > 0 ? `, ${report.unknown} of topics unknown here and NOT checked` : ''}.`,
      ].join('\n'),
    );
    return report.failed + report.unknown > 0 ? 5 : 0;
  },
};

export const liftAnalyse: Command = {
  name: 'lift analyse',
  summary: 'Analyse the file of an experiment: any delimiter, any number of rows.',
  arguments: [{ flags: '<file>', description: 'CSV or TSV with a header; `-` reads standard input' }],
  options: [
    { flags: '--unit <column>', description: 'who was randomised; without it each row is a unit' },
    { flags: '--variant <column>', description: 'which variant the unit had' },
    { flags: '--control <name>', description: 'the variant that others are compared with' },
    {
      flags: '--kpi <column:type[:options]>',
      description: 'mean, proportion, count, ratio or quantile; options such as covariate=past,cap=500',
      repeatable: true,
    },
    { flags: '--alpha <level>', description: 'level of intervals (default 0.05)' },
    { flags: '--fixed', description: 'one look at a size fixed before (default)' },
    { flags: '--sequential', description: 'always-valid intervals: look as often as you like' },
    {
      flags: '--tuning <units>',
      description: 'with --sequential: units at which intervals are tightest (default 5000)',
    },
    {
      flags: '--weight <variant=share>',
      description: 'planned share of a variant, for the sample ratio check (default: equal)',
      repeatable: true,
    },
    { flags: '--delimiter <text>', description: 'default: detected' },
  ],
  example: 'myriad lift analyse orders.csv --variant group --control A --kpi spend:mean:covariate=past',
  async run(context, file = '') {
    try {
      return await analyse(context, file);
    } catch (error) {
      return asRefusal(error);
    }
  },
};

async function analyse(context: CommandContext, file: string): Promise<number> {
  const need = (name: string): string => {
    const value = textOption(context, name);
    if (value === undefined) throw new MyriadError('invalid_request', `Say --${name}.`);
    return value;
  };
  const kpis: readonly KpiOption[] = listOption(context, 'kpi').map(parseKpiOption);
  if (kpis.length === 0) throw new MyriadError('invalid_request', 'Say --kpi COLUMN:TYPE at least once.');
  if (context.options.fixed === true && context.options.sequential === true)
    throw new MyriadError('invalid_request', 'Either --fixed or --sequential, not both.');
  const alphaText = textOption(context, 'alpha');
  const alpha = alphaText === undefined ? 0.05 : Number(alphaText);
  if (!(alpha > 0 && alpha < 1))
    throw new MyriadError('invalid_request', '--alpha: expected a number between 0 and 1.');
  const tuning = numberAbove(textOption(context, 'tuning'), 'tuning', 5_000);
  const weights = weightsOf(listOption(context, 'weight'));
  const sequential = context.options.sequential === true;
  const unit = textOption(context, 'unit');
  const variant = need('variant');
  const control = need('control');
  const delimiter = textOption(context, 'delimiter');
  let analysis: Analysis | null = null;
  const parser = createCsvParser(
    (fields, line) => {
      if (analysis) return analysis.addRow(fields, line);
      analysis = createAnalysis({
        header: fields,
        ...(unit === undefined ? {} : { unit }),
        variant,
        control,
        kpis,
        alpha,
        looks: sequential ? { kind: 'sequential', tuning } : { kind: 'fixed' },
        ...(weights === null ? {} : { weights }),
      });
    },
    delimiter === undefined ? {} : { delimiter: delimiter === '\\t' ? '\t' : delimiter },
  );
  await feed(context, file, (chunk) => parser.write(chunk));
  parser.end();
  if (!analysis) throw new MyriadError('invalid_request', `${file} is empty.`);
  const result = (analysis as Analysis).result();
  if (context.terminal.json) context.terminal.write(`${analysisToJson(result)}\n`);
  else context.terminal.answer(null, () => renderAnalysis(result));
  return 0;
}

function numberAbove(text: string | undefined, name: string, fallback: number): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!(value > 0 && value < Number.POSITIVE_INFINITY))
    throw new MyriadError('invalid_request', `--${name}: expected a number above 0, not "${text}".`);
  return value;
}

function weightsOf(given: readonly string[]): Readonly<Record<string, number>> | null {
  if (given.length === 0) return null;
  return Object.fromEntries(
    given.map((text) => {
      const at = text.lastIndexOf('=');
      if (at < 1) throw new MyriadError('invalid_request', `--weight: expected VARIANT=SHARE, not "${text}".`);
      return [text.slice(0, at), numberAbove(text.slice(at + 1), 'weight', 1)];
    }),
  );
}

/** Streams the file, so that its size does not matter. */
async function feed(context: CommandContext, file: string, take: (chunk: string) => void): Promise<void> {
  const path = resolve(context.cwd, file);
  const size = file === '-' ? null : (await stat(path).catch(unreadable(path))).size;
  const stream = file === '-' ? process.stdin : createReadStream(path, { highWaterMark: 1 << 18 });
  const decoder = new TextDecoder();
  const bar = context.terminal.progress('reading');
  let done = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    take(decoder.decode(chunk, { stream: true }));
    done += chunk.length;
    bar.update(size === null ? null : done / size);
  }
  take(decoder.decode());
  bar.end();
}

export const liftReplay: Command = {
  name: 'lift replay',
  summary: 'Rebuild every sum from the log and compare it bit for bit with the running node.',
  example: 'myriad lift replay',
  async run(context) {
    const node = await context.node();
    const answer = await node.call('POST /api/cockpit/replay');
    context.terminal.answer(answer, () =>
      [
        answer.identical ? 'Identical, bit for bit.' : 'NOT identical.',
        `${answer.exposures} exposures and ${answer.events} events into ${answer.ledgers} ledgers in ${(answer.tookMs / 1000).toFixed(1)} s.`,
        `running  ${answer.live}`,
        `replayed ${answer.replayed}`,
      ].join('\n'),
    );
    return answer.identical ? 0 : 5;
  },
};
