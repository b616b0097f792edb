/** What moves an app's share of capacity. */
export interface ShareInput {
  /** Part of capacity promised now, and the part it starts from. */
  readonly current: number;
  readonly base: number;
  /** Never below this while the app is enabled; above 0. */
  readonly floor: number;
  readonly enabled: boolean;
  /** Always-valid bounds of the oriented absolute difference. */
  readonly lower: number;
  readonly upper: number;
  /** Whether e-BH selected the app. */
  readonly selected: boolean;
  readonly guardrailTripped: boolean;
  /** Sample ratio, contamination or a failed A/A: then nothing moves. */
  readonly blocked: boolean;
  /** Nothing was randomised: such evidence never moves a share. */
  readonly observational?: boolean;
  /** Time since the last decision, in days; a step is bounded per day. */
  readonly days?: number;
}

export interface ShareDecision {
  readonly share: number;
  readonly because:
    | 'disabled'
    | 'blocked'
    | 'observational'
    | 'proven_gain'
    | 'proven_harm'
    | 'guardrail_tripped'
    | 'back_to_base'
    | 'at_base';
}

/** Largest change of a share in a day. */
export const DAILY_STEP = 0.25;
/**
 * Level of the bounds and of e-BH when shares are moved: stricter than the 5 % of a verdict, since capacity given to an
 * app without effect is taken from others, and e-BH bounds the share of false discoveries, not the chance of any.
 */
export const SHARE_ALPHA = 0.01;
/** Part of capacity kept for apps that are still being learnt about. */
export const EXPLORATION_POOL = 0.1;

/**
 * The next share of one app. It rises above its base only if the always-valid lower bound is above 0 *and* e-BH
 * selected the app; it falls below only if the upper bound is below 0 or a guardrail tripped. Otherwise it returns to
 * its base. At most ±25 % a day, never below the floor while enabled. LIFT.md, "From lift to money to capacity".
 */
export function nextShare(input: ShareInput): ShareDecision {
  const { current, base, floor, days = 1 } = input;
  if (!input.enabled) return { share: 0, because: 'disabled' };
  const hold = Math.max(floor, current);
  if (input.blocked) return { share: hold, because: 'blocked' };
  if (input.observational) return { share: hold, because: 'observational' };
  const step = (1 + DAILY_STEP) ** Math.max(0, days);
  const most = current * step;
  const least = current * (1 - DAILY_STEP) ** Math.max(0, days);
  if (input.guardrailTripped) return { share: Math.max(floor, least), because: 'guardrail_tripped' };
  if (input.upper < 0) return { share: Math.max(floor, least), because: 'proven_harm' };
  if (input.lower > 0 && input.selected) return { share: Math.max(floor, most), because: 'proven_gain' };
  const share = Math.max(floor, Math.min(most, Math.max(least, base)));
  return { share, because: share === current && current === base ? 'at_base' : 'back_to_base' };
}

/**
 * Fits the decided shares into capacity: 10 % stays with the exploration pool, spread over the apps still too early;
 * where the rest is over-promised, what stands above base gives way first, so that an app without evidence neither
 * gains nor loses by the gains of others.
 *
 * @param shares Decided shares; `bases` the shares they started from, whose sum is at most 0.9.
 */
export function fitShares(
  shares: readonly number[],
  bases: readonly number[],
  exploring: readonly boolean[],
): { shares: number[]; explorationEach: number } {
  const room = 1 - EXPLORATION_POOL;
  const total = shares.reduce((sum, share) => sum + share, 0);
  const explorers = exploring.filter(Boolean).length;
  const explorationEach = explorers === 0 ? 0 : EXPLORATION_POOL / explorers;
  if (total <= room) return { shares: [...shares], explorationEach };
  const above = shares.reduce((sum, share, i) => sum + Math.max(0, share - (bases[i] as number)), 0);
  const excess = total - room;
  if (above >= excess) {
    const keep = 1 - excess / above;
    const fitted = shares.map((share, i) => {
      const base = bases[i] as number;
      return share > base ? base + (share - base) * keep : share;
    });
    return { shares: fitted, explorationEach };
  }
  const fitted = shares.map((share, i) => (Math.min(share, bases[i] as number) * room) / (total - above));
  return { shares: fitted, explorationEach };
}
