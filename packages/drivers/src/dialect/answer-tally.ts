import { type ChatRequest, type ModelEvent, noUsage, type Usage } from '@myriad/contracts';
import { estimateRequestTokens, estimateTokens } from '../tokens/estimate-tokens.ts';

/** Keeps count of an answer while it passes, so that a cut, an abort or a silent server still has a usage to book. */
export interface AnswerTally {
  note(event: ModelEvent): void;
  /** Whether something of the answer itself (not just `start`) has come. */
  readonly sawToken: boolean;
  readonly started: boolean;
  /**
   * What the server reported, else an estimate from what passed. Of an answer that broke off, the server's provisional count
   * may lag behind what came, so the larger output counts.
   */
  usage(complete: boolean): Usage;
}

export function tallyAnswer(request: ChatRequest): AnswerTally {
  let reported: Usage | null = null;
  let started = false;
  let sawToken = false;
  const written: string[] = [];
  const reasoned: string[] = [];
  return {
    note(event) {
      if (event.type === 'start') started = true;
      else if (event.type === 'usage') reported = event.usage;
      else if (event.type === 'text' || event.type === 'refusal') written.push(event.text);
      else if (event.type === 'reasoning') reasoned.push(event.text);
      else if (event.type === 'toolCall') written.push(event.name ?? '', event.argumentsDelta);
      if (event.type !== 'start' && event.type !== 'usage') sawToken = true;
    },
    get sawToken() {
      return sawToken;
    },
    get started() {
      return started;
    },
    usage(complete) {
      if (reported && complete) return reported;
      const reasoningTokens = estimateTokens(reasoned.join(''));
      const outputTokens = estimateTokens(written.join('')) + reasoningTokens;
      if (reported)
        return reported.outputTokens >= outputTokens
          ? reported
          : { ...reported, outputTokens, reasoningTokens, source: 'estimated' };
      return {
        ...noUsage,
        inputTokens: estimateRequestTokens(request),
        outputTokens,
        reasoningTokens,
        source: 'estimated',
      };
    },
  };
}
