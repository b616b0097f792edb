/** One end of a worker's line, the same in Node and in the browser. */
export interface WorkerPort<In, Out> {
  readonly listen: (handle: (message: In) => void) => void;
  readonly post: (message: Out) => void;
}

/** What the code that starts a worker holds. */
export interface WorkerHandle<In, Out> {
  readonly post: (message: In) => void;
  readonly onMessage: (handle: (message: Out) => void) => void;
  /** Called once when the worker dies, whatever the reason, but not after `stop`. */
  readonly onLost: (handle: (cause: string) => void) => void;
  /** Ends the worker at once, also in the middle of a kernel. */
  readonly stop: () => Promise<void>;
}

type NodeThreads = typeof import('node:worker_threads');

/** Node's worker threads, found without an import so that bundlers for the browser see none. */
export function nodeThreads(): NodeThreads | null {
  const host = (globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } }).process;
  return (host?.getBuiltinModule?.('node:worker_threads') as NodeThreads | undefined) ?? null;
}

/** The line to the starter when this module runs inside a worker started for `role`; else null. */
export function workerPort<In, Out>(role: string): WorkerPort<In, Out> | null {
  const threads = nodeThreads();
  if (threads !== null) {
    const { parentPort, workerData, isMainThread } = threads;
    if (isMainThread || parentPort === null || (workerData as { taizhang?: string } | null)?.taizhang !== role)
      return null;
    return {
      listen: (handle) => {
        parentPort.on('message', handle);
      },
      post: (message) => parentPort.postMessage(message),
    };
  }
  const scope = globalThis as unknown as {
    name?: string;
    document?: unknown;
    onmessage: ((event: { data: In }) => void) | null;
    postMessage: (message: Out) => void;
  };
  if (scope.document !== undefined || scope.name !== `taizhang-${role}`) return null;
  return {
    listen: (handle) => {
      scope.onmessage = (event) => handle(event.data);
    },
    post: (message) => scope.postMessage(message),
  };
}

/** Wraps a Web Worker. */
export function webWorkerHandle<In, Out>(worker: Worker): WorkerHandle<In, Out> {
  return {
    post: (message) => worker.postMessage(message),
    onMessage: (handle) => {
      worker.onmessage = (event: MessageEvent<Out>) => handle(event.data);
    },
    onLost: (handle) => {
      worker.onerror = (event) => handle(event.message);
    },
    stop: async () => worker.terminate(),
  };
}

/** Starts a Node worker thread for `role`. */
export function nodeWorkerHandle<In, Out>(threads: NodeThreads, url: URL, role: string): WorkerHandle<In, Out> {
  const worker = new threads.Worker(url, { workerData: { taizhang: role } });
  let stopped = false;
  let lost: ((cause: string) => void) | null = null;
  const lose = (cause: string) => {
    if (!stopped) lost?.(cause);
    stopped = true;
  };
  worker.on('error', (error) => lose(error instanceof Error ? error.message : String(error)));
  worker.on('exit', (code) => lose(`exit ${code}`));
  return {
    post: (message) => worker.postMessage(message),
    onMessage: (handle) => {
      worker.on('message', handle);
    },
    onLost: (handle) => {
      lost = handle;
    },
    stop: async () => {
      stopped = true;
      await worker.terminate();
    },
  };
}
