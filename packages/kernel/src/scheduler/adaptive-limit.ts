/**
 * How many calls an endpoint takes at once, learned from what it does. Three signals:
 * - a rate-limit answer (429, 529): the last width that worked is returned to when a probe failed, otherwise the width
 *   falls by a fifth per round trip, as in TCP's multiplicative decrease;
 * - time to first token and time per token, each against its own slow average (gradient, after Netflix's
 *   concurrency-limits "Gradient2"); never whole-request latency, which only says how long answers are;
 * - successes while the width is in full use: one step wider, at growing intervals after failed probes.
 */

export interface AdaptiveLimitOptions {
  /** Width that the operator or the catalogue states; never passed. */
  readonly most: number;
  /** How many times slower than its slow average a signal may be before the width falls. */
  readonly tolerance?: number;
}

export interface CallTiming {
  readonly firstTokenMs: number | null;
  readonly perTokenMs: number | null;
}

const firstProbeInterval = 64;
/** One refused call in so many is the price of finding out that capacity came back. */
const longestProbeInterval = 256;
const decrease = 0.8;
const gradientFloor = 0.5;

class Gradient {
  #fast = 0;
  #slow = 0;
  #samples = 0;

  add(value: number): void {
    this.#samples += 1;
    if (this.#samples === 1) {
      this.#fast = value;
      this.#slow = value;
      return;
    }
    this.#fast += 0.1 * (value - this.#fast);
    // A slow average follows falls quickly and rises slowly, so that congestion does not become the new normal.
    this.#slow += (value < this.#slow ? 0.05 : 0.002) * (value - this.#slow);
  }

  /** 1 while healthy, below when slower than `tolerance` times the slow average. */
  ratio(tolerance: number): number {
    if (this.#samples < 20 || this.#fast <= 0) return 1;
    return Math.min(1, (tolerance * this.#slow) / this.#fast);
  }
}

export class AdaptiveLimit {
  readonly most: number;
  readonly #tolerance: number;
  readonly #firstToken = new Gradient();
  readonly #perToken = new Gradient();
  #width: number;
  /** Dispatches before this moment tell of an older width. */
  #changedAt = Number.NEGATIVE_INFINITY;
  #successes = 0;
  #probeInterval = firstProbeInterval;
  #probing = false;
  #sinceGradient = 0;

  constructor({ most, tolerance = 2 }: AdaptiveLimitOptions) {
    this.most = Math.max(1, most);
    this.#tolerance = tolerance;
    this.#width = this.most;
  }

  get width(): number {
    return this.#width;
  }

  /** @param inFlight Calls in flight at the endpoint when it refused, the refused one included. */
  onRefused(dispatchedAt: number, inFlight: number, now: number): void {
    if (dispatchedAt < this.#changedAt) return;
    // A refusal with few calls in flight is about requests a minute, not about width: it says little of how many fit.
    const refusedAt = inFlight * 2 < this.#width ? this.#width : Math.min(this.#width, inFlight);
    if (this.#probing) {
      this.#width = Math.max(1, refusedAt - 1);
      this.#probeInterval = Math.min(longestProbeInterval, this.#probeInterval * 2);
    } else {
      this.#width = Math.max(1, Math.floor(refusedAt * decrease));
      this.#probeInterval = firstProbeInterval;
    }
    this.#probing = false;
    this.#successes = 0;
    this.#changedAt = now;
  }

  /** @param inFlight Calls in flight when it ended, itself included. */
  onSuccess(dispatchedAt: number, timing: CallTiming, inFlight: number, now: number): void {
    if (timing.firstTokenMs !== null) this.#firstToken.add(timing.firstTokenMs);
    if (timing.perTokenMs !== null) this.#perToken.add(timing.perTokenMs);
    if (dispatchedAt < this.#changedAt) return;
    this.#sinceGradient += 1;
    if (this.#sinceGradient >= Math.max(16, this.#width)) {
      this.#sinceGradient = 0;
      const ratio = Math.min(this.#firstToken.ratio(this.#tolerance), this.#perToken.ratio(this.#tolerance));
      if (ratio < 1) {
        this.#width = Math.max(1, Math.floor(this.#width * Math.max(gradientFloor, ratio)));
        this.#changedAt = now;
        this.#successes = 0;
        this.#probing = false;
        return;
      }
    }
    if (this.#width >= this.most || inFlight < this.#width) return;
    this.#successes += 1;
    if (this.#probing && this.#successes >= this.#width) {
      // A whole round at the new width was taken: there may be much more.
      this.#probing = false;
      this.#probeInterval = firstProbeInterval;
    }
    // Until a probe has failed the width grows by one a round trip; after that only as often as a refusal is cheap.
    const interval = this.#probeInterval === firstProbeInterval ? this.#width : this.#probeInterval;
    if (this.#successes < interval) return;
    this.#successes = 0;
    this.#width += 1;
    this.#probing = true;
    this.#changedAt = now;
  }
}
