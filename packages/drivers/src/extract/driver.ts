/** `myriad/extract-1`: answers with sentences of the given passages, word for word and cited, or says that it found none. */
import {
  type CallOptions,
  type ChatRequest,
  type Citation,
  type Driver,
  type FinishReason,
  type ModelEvent,
  MyriadError,
  noUsage,
} from '@myriad/contracts';
import { lastQuestion } from '../dialect/turn-message.ts';
import { estimateTokens } from '../tokens/estimate-tokens.ts';
import { chooseQuotes, type Quote } from './choose-quotes.ts';
import { isGreeting, languageOf, phrases } from './phrases.ts';

/** Pieces of about this many characters, so that long quotes appear gradually. */
const pieceCharacters = 24;

/** Deterministic and free; needs no network, key or clock. `tools` are never called, `maxOutputTokens` is not applied. */
export function createExtractDriver(): Driver {
  return {
    family: 'extract',
    connect: (endpoint) => ({
      chat: (request, options) => answer(request, endpoint.upstreamModel, options),
      listModels: async () => [{ name: endpoint.upstreamModel, ownedBy: 'myriad' }],
      close: async () => undefined,
    }),
  };
}

async function* answer(request: ChatRequest, model: string, options: CallOptions): AsyncGenerator<ModelEvent> {
  refuseWhatNeedsAModel(request);
  const question = lastQuestion(request.messages).trim();
  let written = '';
  const pass = async (event: ModelEvent): Promise<ModelEvent> => {
    // Lets the abort of a caller and the writes of other streams come in between.
    await new Promise((resolve) => setImmediate(resolve));
    if (options.signal.aborted)
      throw new MyriadError('aborted', 'The caller went away.', { facts: { usage: usageOf(request, written) } });
    if (event.type === 'text') written += event.text;
    return event;
  };
  yield await pass({ type: 'start', model });
  const { reason, events } = compose(question, request);
  for (const event of events) yield await pass(event);
  yield await pass({ type: 'finish', choice: 0, reason });
  yield { type: 'usage', usage: usageOf(request, written), provisional: false };
}

/** @throws MyriadError `unsupported` for what only a model that writes could do. */
function refuseWhatNeedsAModel(request: ChatRequest): void {
  const format = request.responseFormat;
  const last = request.messages.findLast((message) => message.role === 'user');
  const wants =
    format && format.type !== 'text'
      ? 'JSON'
      : (request.choices ?? 1) > 1
        ? 'more than one choice'
        : request.logprobs
          ? 'log probabilities'
          : request.toolChoice === 'required' || typeof request.toolChoice === 'object'
            ? 'a tool call'
            : last?.content.some((part) => part.type !== 'text')
              ? 'media in the question'
              : null;
  if (wants)
    throw new MyriadError('unsupported', `myriad/extract-1 only quotes documents; it cannot do ${wants}.`, {
      facts: { provider: 'myriad' },
    });
}

function compose(question: string, request: ChatRequest): { reason: FinishReason; events: readonly ModelEvent[] } {
  const words = phrases[languageOf(question)];
  if (isGreeting(question)) return { reason: 'stop', events: cut(words.about) };
  const quotes = chooseQuotes(request.passages ?? []);
  if (quotes.length === 0) {
    // No list at all means that nothing could be searched; an empty one, that the search had no hit.
    return { reason: 'notFound', events: cut(request.passages ? words.notFound : words.noDocuments) };
  }
  const numbers = new Map<string, number>();
  const events: ModelEvent[] = cut(`${words.header}\n`);
  for (const quote of quotes) {
    const number = numbers.get(quote.passage.id) ?? numbers.size + 1;
    numbers.set(quote.passage.id, number);
    const citation = citationOf(quote, number);
    events.push(...cut(`\n> ${citation.quote.replaceAll('\n', '\n> ')} [${number}]\n`));
    events.push({ type: 'citation', choice: 0, citation });
    const page = quote.passage.page === null ? '' : `, ${words.page(quote.passage.page)}`;
    events.push(...cut(`>\n> — ${quote.passage.documentName}${page}\n`));
  }
  return { reason: 'stop', events };
}

function citationOf(quote: Quote, number: number): Citation {
  const { passage } = quote;
  return {
    number,
    passageId: passage.id,
    documentId: passage.documentId,
    documentName: passage.documentName,
    quote: passage.text.slice(quote.start, quote.end),
    start: passage.start + quote.start,
    end: passage.start + quote.end,
    ...(passage.page === null ? {} : { page: passage.page }),
    score: quote.coverage,
  };
}

/** Text events of about equal size that never split a character. */
function cut(text: string): ModelEvent[] {
  const pieces = text.match(new RegExp(`[^]{1,${pieceCharacters}}`, 'gu')) ?? [];
  return pieces.map((piece) => ({ type: 'text', choice: 0, text: piece }));
}

function usageOf(request: ChatRequest, written: string) {
  const read = (request.passages ?? []).reduce((sum, passage) => sum + estimateTokens(passage.text), 0);
  return {
    ...noUsage,
    inputTokens: estimateTokens(lastQuestion(request.messages)) + read,
    outputTokens: estimateTokens(written),
    source: 'estimated' as const,
  };
}
