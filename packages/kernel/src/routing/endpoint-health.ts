/** What an endpoint has shown lately: latency (peak-EWMA), errors, and whether its circuit lets calls through. */

export type Circuit = 'closed' | 'open' | 'half-open';

const decayMs = 10_000;
const failuresToOpen = 5;
const callsToJudge = 10;
const errorRatioToOpen = 0.5;
const firstOpenMs = 5_000;
const longestOpenMs = 60_000;

export class EndpointHealth {
  #latencyMs: number | null = null;
  #perTokenMs: number | null = null;
  #latencyAt = 0;
  #errors = 0;
  #calls = 0;
  #decayedAt = 0;
  #failuresInRow = 0;
  #openUntil = 0;
  #openMs = firstOpenMs;
  #circuit: Circuit = 'closed';

  /** Peak-EWMA of the time to first token: jumps up at once, comes down slowly (Finagle's `PeakEwma`). */
  firstTokenMs(now: number): number | null {
    if (this.#latencyMs === null) return null;
    // Unused endpoints are slowly forgiven, so that they are tried again.
    return this.#latencyMs * Math.exp(-Math.max(0, now - this.#latencyAt - decayMs) / (6 * decayMs));
  }

  get perTokenMs(): number | null {
    return this.#perTokenMs;
  }

  get errorRatio(): number {
    return this.#calls < 1 ? 0 : this.#errors / this.#calls;
  }

  circuit(now: number): Circuit {
    if (this.#circuit === 'open' && now >= this.#openUntil) this.#circuit = 'half-open';
    return this.#circuit;
  }

  /** Moment at which an open circuit lets a probe through. */
  get openUntil(): number {
    return this.#openUntil;
  }

  onFirstToken(elapsedMs: number, now: number): void {
    const known = this.#latencyMs;
    if (known === null || elapsedMs > known) this.#latencyMs = elapsedMs;
    else {
      const kept = Math.exp(-Math.max(1, now - this.#latencyAt) / decayMs);
      this.#latencyMs = elapsedMs + (known - elapsedMs) * kept;
    }
    this.#latencyAt = now;
  }

  onPerToken(elapsedMs: number): void {
    this.#perTokenMs = this.#perTokenMs === null ? elapsedMs : this.#perTokenMs + 0.1 * (elapsedMs - this.#perTokenMs);
  }

  onSuccess(now: number): void {
    this.#count(0, now);
    this.#failuresInRow = 0;
    if (this.#circuit === 'closed') return;
    this.#circuit = 'closed';
    this.#openMs = firstOpenMs;
  }

  onFailure(now: number): void {
    this.#count(1, now);
    this.#failuresInRow += 1;
    if (this.circuit(now) === 'half-open') {
      this.#openMs = Math.min(longestOpenMs, this.#openMs * 2);
      this.#open(now);
    } else if (
      this.#circuit === 'closed' &&
      (this.#failuresInRow >= failuresToOpen || (this.#calls >= callsToJudge && this.errorRatio > errorRatioToOpen))
    ) {
      this.#open(now);
    }
  }

  #open(now: number): void {
    this.#circuit = 'open';
    this.#openUntil = now + this.#openMs;
    this.#errors = 0;
    this.#calls = 0;
  }

  /** Counts decay with a half-life of ten seconds. */
  #count(error: number, now: number): void {
    const kept = 2 ** (-Math.max(0, now - this.#decayedAt) / decayMs);
    this.#decayedAt = now;
    this.#errors = this.#errors * kept + error;
    this.#calls = this.#calls * kept + 1;
  }
}
