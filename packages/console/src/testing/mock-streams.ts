/** Answers that are being written: numbered events, kept so that any reader can come late and resume. */
import type { AppEvent, Citation } from '@myriad/contracts';
import { answers, type MockAnswer } from './mock-texts.ts';

interface Script {
  readonly events: AppEvent[];
  readonly listeners: Set<() => void>;
  ended: boolean;
  stop: () => void;
  /** Set while the script waits for a person's word. */
  decide: ((decision: 'approved' | 'denied') => void) | null;
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export function createStreams(paceMs: number) {
  const scripts = new Map<string, Script>();

  /** Starts writing an answer; `onEnd` gets what was written when it is whole or stopped. */
  function write(messageId: string, question: string, onEnd: (answer: MockAnswer, stopped: boolean) => AppEvent): void {
    let stopped = false;
    const script: Script = { events: [], listeners: new Set(), ended: false, stop: () => {}, decide: null };
    scripts.set(messageId, script);
    const emit = (event: AppEvent) => {
      script.events.push(event);
      for (const listener of script.listeners) listener();
    };
    script.stop = () => {
      stopped = true;
      script.decide?.('denied');
    };
    const run = async () => {
      const answer = pickAnswer(question);
      let written = '';
      const cited = new Set<Citation>();
      emit({
        type: 'run',
        runId: 'run_1',
        app: 'assistant',
        version: null,
        variant: 'treatment',
        reason: 'no_experiment',
      });
      const step = (status: 'running' | 'done') =>
        emit({
          type: 'step',
          id: 's1',
          kind: 'retrieve',
          title: 'Reading 3 documents of this conversation',
          status,
          detail: {},
        });
      step('running');
      await pause(paceMs * 12);
      step('done');
      emit({ type: 'model', model: 'qianfan/ernie-5.0', generates: true });
      if (/refund|退款单/i.test(question)) {
        const argumentsJson = '{"order":"7","amount":"128.00 CNY"}';
        emit({ type: 'toolCall', id: 't1', name: 'create_refund', argumentsJson });
        emit({ type: 'approval', approvalId: `apr_${messageId}`, name: 'create_refund', argumentsJson });
        const decision = await new Promise<'approved' | 'denied'>((resolve) => {
          script.decide = resolve;
        });
        script.decide = null;
        emit({
          type: 'toolResult',
          id: 't1',
          name: 'create_refund',
          ok: decision === 'approved',
          preview: decision === 'approved' ? '{"refund":"R-1207"}' : 'A person refused this.',
        });
      }
      for (const piece of answer.text.match(/[\s\S]{1,4}/g) ?? []) {
        if (stopped) break;
        written += piece;
        emit({ type: 'text', text: piece });
        for (const citation of answer.citations) {
          if (cited.has(citation) || !written.includes(`[${citation.number}]`)) continue;
          cited.add(citation);
          emit({ type: 'citation', citation });
        }
        await pause(paceMs);
      }
      const last = onEnd(
        { text: written, citations: answer.citations.filter(({ number }) => written.includes(`[${number}]`)) },
        stopped,
      );
      script.ended = true;
      emit(last);
    };
    void run();
  }

  /** The events after a sequence as server-sent events, then those that come. */
  function read(messageId: string, after: number): Response {
    const script = scripts.get(messageId);
    if (!script) return new Response('{}', { status: 404 });
    const encoder = new TextEncoder();
    let at = after;
    let listener = () => {};
    const body = new ReadableStream({
      start(controller) {
        listener = () => {
          try {
            for (; at < script.events.length; at += 1) {
              controller.enqueue(encoder.encode(`id: ${at + 1}\ndata: ${JSON.stringify(script.events[at])}\n\n`));
            }
            if (script.ended && at >= script.events.length) {
              script.listeners.delete(listener);
              controller.close();
            }
          } catch {
            script.listeners.delete(listener);
          }
        };
        script.listeners.add(listener);
        listener();
      },
      cancel: () => void script.listeners.delete(listener),
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' } });
  }

  return {
    write,
    read,
    stop: (messageId: string) => scripts.get(messageId)?.stop(),
    decide: (messageId: string, decision: 'approved' | 'denied') => scripts.get(messageId)?.decide?.(decision),
  };
}

function pickAnswer(question: string): MockAnswer {
  if (/formula|interval|公式|区间/i.test(question)) return answers.maths;
  return /\p{Script=Han}/u.test(question) ? answers.refundZh : answers.refundEn;
}
