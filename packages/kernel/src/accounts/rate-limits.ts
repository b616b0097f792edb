/** Limits of an app on requests a minute, tokens a minute and runs at once, over a sliding minute. */
import { type Clock, MyriadError, type RunSpec } from '@myriad/contracts';

const buckets = 61;
const bucketMs = 1_000;

/** Sum of the last 60 to 61 seconds, so no minute, wherever it begins, passes the limit. */
class SlidingMinute {
  readonly #amounts = new Float64Array(buckets);
  #second = 0;
  #sum = 0;

  #advance(second: number): void {
    if (second <= this.#second) return;
    const steps = Math.min(buckets, second - this.#second);
    for (let step = 1; step <= steps; step += 1) {
      const at = (this.#second + step) % buckets;
      this.#sum -= this.#amounts[at] as number;
      this.#amounts[at] = 0;
    }
    // After a longer pause than the window everything has passed.
    if (second - this.#second >= buckets) this.#sum = 0;
    this.#second = second;
  }

  sum(now: number): number {
    this.#advance(Math.floor(now / bucketMs));
    return this.#sum;
  }

  add(now: number, amount: number): void {
    this.#advance(Math.floor(now / bucketMs));
    const at = this.#second % buckets;
    this.#amounts[at] = (this.#amounts[at] as number) + amount;
    this.#sum += amount;
  }

  /** Milliseconds until the sum has fallen to `target` when nothing is added. */
  untilBelow(now: number, target: number): number {
    let left = this.sum(now);
    for (let age = 1; age <= buckets; age += 1) {
      const at = (this.#second + age) % buckets;
      left -= this.#amounts[at] as number;
      if (left <= target) return (this.#second + age) * bucketMs - now;
    }
    return buckets * bucketMs;
  }
}

interface AppUse {
  readonly requests: SlidingMinute;
  readonly tokens: SlidingMinute;
  parallel: number;
  lastUsed: number;
}

export interface RateLimits {
  /** Counts a run in. @throws MyriadError `rate_limited` with the milliseconds to wait. */
  enter(spec: RunSpec): void;
  leave(spec: RunSpec): void;
  /** Counts the expected tokens of a call. @throws MyriadError `rate_limited`. */
  reserveTokens(spec: RunSpec, tokens: number): void;
  /** Corrects the count by what was really used; negative gives back. */
  correctTokens(spec: RunSpec, difference: number): void;
}

function refuse(spec: RunSpec, limit: string, allowed: number, used: number, retryAfterMs: number): MyriadError {
  return new MyriadError(
    'rate_limited',
    `App ${spec.appName} is at its limit of ${allowed} ${limit} (${Math.round(used)} used).`,
    { facts: { appId: spec.appId, limit, allowed, used: Math.round(used) }, retryAfterMs },
  );
}

function isLimited({ limits }: RunSpec): boolean {
  return limits.requestsPerMinute !== null || limits.tokensPerMinute !== null || limits.parallel !== null;
}

export function createRateLimits(clock: Pick<Clock, 'now'>): RateLimits {
  const uses = new Map<string, AppUse>();

  const useOf = (spec: RunSpec, now: number): AppUse => {
    const name = `${spec.tenant}|${spec.appId}`;
    let use = uses.get(name);
    if (!use) {
      if (uses.size >= 10_000) forgetIdle(now);
      use = { requests: new SlidingMinute(), tokens: new SlidingMinute(), parallel: 0, lastUsed: now };
      uses.set(name, use);
    }
    use.lastUsed = now;
    return use;
  };
  const forgetIdle = (now: number) => {
    for (const [name, use] of uses)
      if (use.parallel === 0 && now - use.lastUsed > buckets * bucketMs) uses.delete(name);
  };

  return {
    enter(spec) {
      if (!isLimited(spec)) return;
      const now = clock.now();
      const use = useOf(spec, now);
      const { parallel, requestsPerMinute, tokensPerMinute } = spec.limits;
      if (parallel !== null && use.parallel >= parallel)
        throw refuse(spec, 'runs at once', parallel, use.parallel, 1_000);
      if (requestsPerMinute !== null && use.requests.sum(now) + 1 > requestsPerMinute)
        throw refuse(
          spec,
          'requests a minute',
          requestsPerMinute,
          use.requests.sum(now),
          use.requests.untilBelow(now, requestsPerMinute - 1),
        );
      if (tokensPerMinute !== null && use.tokens.sum(now) >= tokensPerMinute)
        throw refuse(
          spec,
          'tokens a minute',
          tokensPerMinute,
          use.tokens.sum(now),
          use.tokens.untilBelow(now, tokensPerMinute - 1),
        );
      use.parallel += 1;
      use.requests.add(now, 1);
    },
    leave(spec) {
      if (isLimited(spec)) useOf(spec, clock.now()).parallel -= 1;
    },
    reserveTokens(spec, tokens) {
      const allowed = spec.limits.tokensPerMinute;
      if (allowed === null) return;
      const now = clock.now();
      const use = useOf(spec, now);
      const used = use.tokens.sum(now);
      if (used + tokens > allowed)
        throw refuse(spec, 'tokens a minute', allowed, used, use.tokens.untilBelow(now, allowed - tokens));
      use.tokens.add(now, tokens);
    },
    correctTokens(spec, difference) {
      if (spec.limits.tokensPerMinute === null) return;
      const now = clock.now();
      useOf(spec, now).tokens.add(now, difference);
    },
  };
}
