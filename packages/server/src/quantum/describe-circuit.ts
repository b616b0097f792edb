/** Words → a circuit that has been read without a fault, written by governed runs of the app `quantum-lab`. */
import { circuitFault, circuitInAnswer } from '@myriad/builtin/quantum';
import {
  type AppRecord,
  type Caller,
  type ChatMessage,
  MyriadError,
  type QuantumDescribeRequest,
  type QuantumDescription,
} from '@myriad/contracts';
import type { House } from '../house.ts';
import { problemAsError } from '../surface-events.ts';

/** The first answer and two repairs. */
const mostAttempts = 3;

const text = (role: 'user' | 'assistant', words: string): ChatMessage => ({
  role,
  content: [{ type: 'text', text: words }],
});

/** What stands around a person's words, so that the answer is a circuit and nothing else runs. */
const asking = {
  en: 'Write this circuit as one OpenQASM 2 program in a fenced block marked qasm, and say in one sentence what it does. Do not run it. The circuit:',
  zh: '把下面的线路写成一个 OpenQASM 2 程序，放在标记为 qasm 的代码块里，并用一句话说明它做什么。不要运行。线路：',
} as const;
const repairing = {
  en: (place: string, fault: string) =>
    `That program was refused: ${place}${fault} Send the whole corrected program in the same form.`,
  zh: (place: string, fault: string) => `这个程序未通过检查：${place}${fault} 请按同样的格式给出完整的更正程序。`,
} as const;
const noBlock = {
  en: 'There was no fenced block marked qasm in the answer.',
  zh: '回答中没有标记为 qasm 的代码块。',
} as const;

/**
 * Asks the app until its circuit can be read, at most three times; every answer is a run in the ledger. The model is told
 * the fault with its line and column. The circuit itself is not run.
 *
 * @throws MyriadError `capability_unavailable` when no model that writes is attached, or what ended a run.
 */
export async function describeCircuit(
  house: Pick<House, 'apps' | 'models' | 'config'>,
  app: AppRecord,
  caller: Caller,
  request: QuantumDescribeRequest,
  signal: AbortSignal,
): Promise<QuantumDescription> {
  if (!house.models.list().some(({ enabled, capabilities }) => enabled && capabilities.includes('generate')))
    throw new MyriadError(
      'capability_unavailable',
      'No model that can write is attached, so words cannot become a circuit.',
      {
        facts: { capability: 'generate' },
      },
    );
  const language = request.language ?? house.config.language;
  const messages: ChatMessage[] = [text('user', `${asking[language]}\n\n${request.words}`)];
  const attempts: QuantumDescription['attempts'][number][] = [];
  let said = '';
  let model: string | null = null;
  while (attempts.length < mostAttempts) {
    const answer = await ask(house, { app, caller, messages: [...messages], language, signal });
    model = answer.model;
    const found = circuitInAnswer(answer.text);
    said = found.text;
    const failure =
      found.source === null
        ? { code: 'parse', message: noBlock[language], line: null, column: null }
        : circuitFault(found.source);
    attempts.push({ runId: answer.runId, costMicros: answer.costMicros, failure });
    if (failure === null) return { source: found.source, text: said, model, attempts, currency: house.config.currency };
    const place = failure.line === null ? '' : `${failure.line}:${failure.column}: `;
    messages.push(text('assistant', answer.text), text('user', repairing[language](place, failure.message)));
  }
  return { source: null, text: said, model, attempts, currency: house.config.currency };
}

interface Asked {
  readonly app: AppRecord;
  readonly caller: Caller;
  readonly messages: readonly ChatMessage[];
  readonly language: 'en' | 'zh';
  readonly signal: AbortSignal;
}

async function ask({ apps }: Pick<House, 'apps'>, { caller, ...asked }: Asked) {
  let words = '';
  let model: string | null = null;
  const events = apps.run({
    ...asked,
    caller,
    surface: 'page',
    unit: caller.personId ?? caller.keyId,
    stream: false,
  });
  for await (const event of events) {
    if (event.type === 'text') words += event.text;
    else if (event.type === 'restart') words = '';
    else if (event.type === 'model') model = event.model;
    else if (event.type === 'error') throw problemAsError(event);
    else if (event.type === 'done')
      return { text: words, model, runId: event.run.id, costMicros: event.run.costMicros ?? event.run.pricedMicros };
  }
  throw new MyriadError('internal', 'The run ended without an end.');
}
