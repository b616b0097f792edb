/** One cancellation of one model call, from whoever comes first: the caller, the deadline, a drain, or settlement. */
import { MyriadError } from '@myriad/contracts';

export class Cancel {
  #reason: MyriadError | null = null;
  /** Most calls wait for one thing at a time. */
  readonly #hooks: ((reason: MyriadError) => void)[] = [];

  get reason(): MyriadError | null {
    return this.#reason;
  }

  fire(reason: MyriadError): void {
    if (this.#reason) return;
    this.#reason = reason;
    // One by one from the list itself: a hook may take another one off.
    for (let hook = this.#hooks.shift(); hook; hook = this.#hooks.shift()) hook(reason);
  }

  /** Calls back once when cancelled; the returned function forgets it. */
  onCancel(hook: (reason: MyriadError) => void): () => void {
    this.#hooks.push(hook);
    return () => {
      const at = this.#hooks.indexOf(hook);
      if (at >= 0) this.#hooks.splice(at, 1);
    };
  }

  throwIfCancelled(): void {
    if (this.#reason) throw this.#reason;
  }

  /** The promise's outcome, or the cancellation when that comes first. */
  race<T>(promise: Promise<T>): Promise<T> {
    if (this.#reason) {
      promise.catch(() => {});
      return Promise.reject(this.#reason);
    }
    return new Promise((resolve, reject) => {
      const forget = this.onCancel(reject);
      promise.then(
        (value) => {
          forget();
          resolve(value);
        },
        (error) => {
          forget();
          reject(error);
        },
      );
    });
  }
}

export function callerWentAway(): MyriadError {
  return new MyriadError('aborted', 'The caller went away.');
}
