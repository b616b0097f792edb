/**
 * Counts one call as its events pass: no allocation per event. At the end it says what was used, trusting the server's
 * report only as far as it can be true.
 */
import type { ModelEvent, Usage } from '@myriad/contracts';
import { countText, emptyCount, type InputEstimate, tokensOf } from './estimate-tokens.ts';

/** How the call ended, as far as the meter cares. */
export type CallEnd = 'ok' | 'cut' | 'aborted' | 'failed';

export interface MeterBounds {
  readonly input: InputEstimate;
  /** Output tokens that the call cannot pass: the limit sent upstream times the choices. */
  readonly outputBoundTokens: number;
}

export interface Metered {
  readonly usage: Usage;
  /** Why the report was not taken, or null. Fit for a trace. */
  readonly doubt: string | null;
}

const charactersPerTokenAtMost = 32;

export class CallMeter {
  /** Anything that the caller would see as part of the answer has come. */
  hasContent = false;
  hasFinish = false;
  #reported: Usage | null = null;
  #final = false;
  readonly #bounds: MeterBounds;
  readonly #output = emptyCount();

  constructor(bounds: MeterBounds) {
    this.#bounds = bounds;
  }

  get hasReport(): boolean {
    return this.#reported !== null;
  }

  take(event: ModelEvent): void {
    switch (event.type) {
      case 'text':
      case 'reasoning':
      case 'refusal':
        this.hasContent = true;
        countText(this.#output, event.text);
        return;
      case 'toolCall':
        this.hasContent = true;
        if (event.name) countText(this.#output, event.name);
        countText(this.#output, event.argumentsDelta);
        return;
      case 'citation':
        this.hasContent = true;
        return;
      case 'finish':
        this.hasFinish = true;
        return;
      case 'usage':
        // Each report replaces the one before; a provisional one never replaces a final one.
        if (this.#final && event.provisional) return;
        this.#reported = event.usage;
        this.#final = !event.provisional;
        return;
    }
  }

  /**
   * What the call used. A call that ended early is charged its input as reported (or estimated) and the larger of the
   * output reported and the output that came. A call of which nothing came and nothing was reported used nothing.
   */
  finish(end: CallEnd): Metered {
    const seen = Math.min(tokensOf(this.#output), this.#bounds.outputBoundTokens);
    const estimated: Usage = {
      inputTokens: Math.min(this.#bounds.input.tokens, this.#bounds.input.boundTokens),
      outputTokens: seen,
      cachedInputTokens: 0,
      cacheWriteTokens: 0,
      reasoningTokens: 0,
      source: 'estimated',
    };
    const reported = this.#reported;
    if (reported === null) {
      if (end !== 'ok' && !this.hasContent) return { usage: { ...estimated, inputTokens: 0 }, doubt: null };
      return { usage: estimated, doubt: null };
    }
    const doubt = this.#doubt(reported, seen, end === 'ok' && this.#final);
    if (doubt !== null) return { usage: estimated, doubt };
    const outputTokens = this.#final && end === 'ok' ? reported.outputTokens : Math.max(reported.outputTokens, seen);
    const cachedInputTokens = Math.min(reported.cachedInputTokens, reported.inputTokens);
    return {
      usage: {
        inputTokens: reported.inputTokens,
        outputTokens,
        cachedInputTokens,
        cacheWriteTokens: Math.min(reported.cacheWriteTokens, reported.inputTokens - cachedInputTokens),
        reasoningTokens: Math.min(reported.reasoningTokens, outputTokens),
        source: outputTokens === reported.outputTokens ? reported.source : 'estimated',
      },
      doubt: null,
    };
  }

  #doubt(usage: Usage, seenTokens: number, final: boolean): string | null {
    const { input, outputBoundTokens } = this.#bounds;
    const figures = [
      usage.inputTokens,
      usage.outputTokens,
      usage.cachedInputTokens,
      usage.cacheWriteTokens,
      usage.reasoningTokens,
    ];
    if (!figures.every((figure) => Number.isSafeInteger(figure) && figure >= 0))
      return 'usage is not made of whole numbers of at least 0';
    const inputBound = input.hasMedia ? input.boundTokens * 4 : input.boundTokens;
    if (usage.inputTokens > inputBound)
      return `${usage.inputTokens} input tokens reported for at most ${inputBound} possible`;
    if (usage.outputTokens > outputBoundTokens)
      return `${usage.outputTokens} output tokens reported for at most ${outputBoundTokens} asked`;
    const characters = this.#output.latin + this.#output.cjk + this.#output.other;
    if (final && characters > usage.outputTokens * charactersPerTokenAtMost)
      return `${usage.outputTokens} output tokens reported for ${seenTokens} seen`;
    return null;
  }
}
