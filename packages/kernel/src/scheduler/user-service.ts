/** Service that each end user of an app attained lately, for least-attained-service order inside the app. */

interface Attained {
  cost: number;
  at: number;
}

/** After this long without service half of what a user attained is forgotten. */
export const halfLifeMs = 10 * 60_000;

export class UserService {
  readonly #attained = new Map<string, Attained>();
  readonly #keepUsers: number;

  constructor(keepUsers = 100_000) {
    this.#keepUsers = keepUsers;
  }

  get size(): number {
    return this.#attained.size;
  }

  /** Adds cost (negative for corrections) and returns what the user had before it. */
  add(user: string, cost: number, now: number): number {
    const known = this.#attained.get(user);
    if (!known) {
      if (this.#attained.size >= this.#keepUsers) this.#forgetOldest();
      this.#attained.set(user, { cost: Math.max(0, cost), at: now });
      return 0;
    }
    const before = known.at === now ? known.cost : known.cost * 2 ** (-(now - known.at) / halfLifeMs);
    known.cost = Math.max(0, before + cost);
    known.at = now;
    return before;
  }

  /** Drops the tenth that was met first; who comes back starts as new, which only helps them. */
  #forgetOldest(): void {
    let left = Math.ceil(this.#keepUsers / 10);
    for (const user of this.#attained.keys()) {
      this.#attained.delete(user);
      left -= 1;
      if (left <= 0) return;
    }
  }
}
