/** Images and speech: calls that pass through as they are, under the same account as every other. */
import type { Money, Price } from './money.ts';
import { costOf, noUsage, type Usage } from './usage.ts';

export type MediaCapability = 'image' | 'speech' | 'transcribe';

/** What such a call is paid by, beside tokens. */
export interface MediaUnits {
  readonly images?: number;
  /** Characters of the text that is spoken. */
  readonly characters?: number;
  /** Seconds of the speech that is written down. */
  readonly seconds?: number;
}

export interface MediaBody {
  readonly contentType: string;
  readonly sizeBytes: number;
  /** Opened once for each time that it is sent. */
  open(): Uint8Array | AsyncIterable<Uint8Array>;
}

export interface MediaRequest {
  readonly capability: MediaCapability;
  /** Below the version of the provider's address, such as `/images/generations`. */
  readonly path: string;
  /** @param upstreamModel The model as the endpoint's provider knows it. */
  body(upstreamModel: string): MediaBody;
  /** The most that the call can come to; this is held. */
  readonly most: MediaUnits & { readonly inputTokens: number };
  /** Watches the answer go by and tells what it came to. */
  tap(contentType: string): MediaTap;
}

export interface MediaTap {
  take(chunk: Uint8Array): void;
  end(): MediaMeasure;
}

export interface MediaMeasure {
  readonly units: MediaUnits;
  /** Tokens as the server reports them; null when it says nothing of tokens. */
  readonly usage: Usage | null;
  /** In words, when a unit is reckoned and not reported; null otherwise. */
  readonly doubt: string | null;
}

export interface MediaAnswer {
  readonly contentType: string;
  /** Leaving it early cancels the call. Its end is the end of the call. */
  readonly body: AsyncIterable<Uint8Array>;
}

const tokensPerImage = 8_192;
const tokensPerSecondHeard = 50;
const tokensPerSecondWritten = 20;
const tokensPerCharacterSpoken = 10;

/** An upper bound in tokens, for providers that price such calls by tokens. */
export function mediaUsageAtMost({
  images = 0,
  characters = 0,
  seconds = 0,
  inputTokens,
}: MediaRequest['most']): Usage {
  return {
    ...noUsage,
    inputTokens: Math.ceil(inputTokens + seconds * tokensPerSecondHeard),
    outputTokens: Math.ceil(
      images * tokensPerImage + characters * tokensPerCharacterSpoken + seconds * tokensPerSecondWritten,
    ),
    source: 'estimated',
  };
}

/**
 * Cost by the unit that the price names, else by tokens, rounded up once.
 *
 * @returns null when the endpoint is unpriced.
 */
export function mediaCostOf(units: MediaUnits, usage: Usage, price: Price | null): Money | null {
  if (!price) return null;
  const { perImageMicros, charactersMicrosPerMillion, perMinuteMicros, currency } = price;
  const money = (micros: number): Money => ({ micros: Math.ceil(micros), currency });
  if (units.images !== undefined && perImageMicros !== undefined) return money(units.images * perImageMicros);
  if (units.characters !== undefined && charactersMicrosPerMillion !== undefined)
    return money((units.characters * charactersMicrosPerMillion) / 1_000_000);
  if (units.seconds !== undefined && perMinuteMicros !== undefined)
    return money((units.seconds * perMinuteMicros) / 60);
  return costOf(usage, price);
}
