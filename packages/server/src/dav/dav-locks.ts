/**
 * Write locks of WebDAV class 2, by path. They live in memory: they keep two programs from writing over one another while
 * this node runs, and every version is kept anyway.
 */
import type { Clock, Random } from '@myriad/contracts';

export interface DavLock {
  readonly token: string;
  readonly path: string;
  readonly ownerId: string;
  /** What the client said of its owner, as escaped XML text. */
  readonly owner: string;
  readonly deep: boolean;
  readonly shared: boolean;
  readonly timeoutSeconds: number;
  readonly until: number;
}

export interface DavLocks {
  /** Null when another lock stands in the way. */
  take(wanted: Omit<DavLock, 'token' | 'until'>): DavLock | null;
  refresh(path: string, tokens: readonly string[], timeoutSeconds: number): DavLock | null;
  release(path: string, token: string, ownerId: string): boolean;
  covering(path: string): readonly DavLock[];
  /** Whether a write to the path, and to all below it when `deep`, is let through by the tokens given. */
  allows(path: string, tokens: readonly string[], ownerId: string, deep: boolean): boolean;
  /** What was moved or deleted is no longer locked. */
  forget(path: string): void;
}

const within = (path: string, above: string): boolean =>
  path === above || path.startsWith(`${above.replace(/\/$/, '')}/`);

export function davLocks(clock: Pick<Clock, 'now'>, random: Pick<Random, 'bytes'>): DavLocks {
  let locks: readonly DavLock[] = [];
  const live = () => {
    const now = clock.now();
    locks = locks.filter(({ until }) => until > now);
    return locks;
  };
  const covering = (path: string) =>
    live().filter((lock) => lock.path === path || (lock.deep && within(path, lock.path)));
  const newToken = () => {
    const hex = Buffer.from(random.bytes(16)).toString('hex');
    return `opaquelocktoken:${hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')}`;
  };
  return {
    covering,
    take(wanted) {
      const inTheWay = [
        ...covering(wanted.path),
        ...(wanted.deep ? live().filter((lock) => within(lock.path, wanted.path)) : []),
      ];
      if (inTheWay.some((lock) => !lock.shared || !wanted.shared)) return null;
      const lock = { ...wanted, token: newToken(), until: clock.now() + wanted.timeoutSeconds * 1000 };
      locks = [...locks, lock];
      return lock;
    },
    refresh(path, tokens, timeoutSeconds) {
      const found = covering(path).find(({ token }) => tokens.includes(token));
      if (!found) return null;
      const lock = { ...found, timeoutSeconds, until: clock.now() + timeoutSeconds * 1000 };
      locks = locks.map((each) => (each === found ? lock : each));
      return lock;
    },
    release(path, token, ownerId) {
      const found = covering(path).find((lock) => lock.token === token && lock.ownerId === ownerId);
      locks = locks.filter((lock) => lock !== found);
      return found !== undefined;
    },
    allows(path, tokens, ownerId, deep) {
      const held = [...covering(path), ...(deep ? live().filter((lock) => within(lock.path, path)) : [])];
      return held.every((lock) => lock.ownerId === ownerId && tokens.includes(lock.token));
    },
    forget(path) {
      locks = locks.filter((lock) => !within(lock.path, path));
    },
  };
}
