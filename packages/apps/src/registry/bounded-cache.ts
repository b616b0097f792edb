/** Keeps the most recently used values, at most `size`. */
export interface BoundedCache<T> {
  get(key: string): T | undefined;
  set(key: string, value: T): void;
  readonly size: number;
}

/** A map in order of last use; the oldest goes when it is full. */
export function boundedCache<T>(size: number): BoundedCache<T> {
  const values = new Map<string, T>();
  return {
    get(key) {
      const value = values.get(key);
      if (value === undefined) return undefined;
      values.delete(key);
      values.set(key, value);
      return value;
    },
    set(key, value) {
      values.delete(key);
      values.set(key, value);
      if (values.size > size) values.delete(values.keys().next().value as string);
    },
    get size() {
      return values.size;
    },
  };
}
