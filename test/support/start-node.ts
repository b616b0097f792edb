/** A real node as its own process, on a free port and a folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const bin = join(import.meta.dirname, '../../packages/cli/bin/myriad.js');

export interface RunningNode {
  readonly url: string;
  readonly ownerLink: string | null;
  readonly readyMs: number;
  readonly data: string;
  readonly process: ChildProcess;
  /** Lets the test act as the operator on this machine. */
  readonly operatorToken: string;
  /** Everything written to standard error so far. */
  errors(): string;
  /** SIGTERM, and waits for the end. Returns the exit code. */
  stop(): Promise<number | null>;
  /** kill −9, and waits for the end. */
  kill(): Promise<void>;
}

export interface StartOptions {
  readonly data?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly arguments?: readonly string[];
  readonly cwd?: string;
}

export function emptyFolder(name = 'data'): string {
  return mkdtempSync(join(tmpdir(), `myriad-${name}-`));
}

/** @throws Error with the process's own words when it ends before it is ready. */
export async function startNode(options: StartOptions = {}): Promise<RunningNode> {
  const data = options.data ?? emptyFolder();
  const child = spawn(
    process.execPath,
    [bin, 'up', '--json', '--port', '0', '--data', data, ...(options.arguments ?? [])],
    {
      cwd: options.cwd ?? data,
      env: { ...process.env, MYRIAD_DETECT_LOCAL_MODELS: 'false', ...options.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let out = '';
  let err = '';
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk;
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const ready = await new Promise<{ url: string; ownerLink: string | null; readyMs: number }>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk;
      if (out.trimEnd().endsWith('}')) resolve(JSON.parse(out));
    });
    ended.then((code) => reject(new Error(`the node ended with ${code} before it was ready: ${err}${out}`)));
  });
  return {
    ...ready,
    data,
    process: child,
    operatorToken: readFileSync(join(data, 'operator.token'), 'utf8'),
    errors: () => err,
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Runs one command to its end. */
export async function runCommand(
  args: readonly string[],
  options: {
    readonly cwd?: string;
    readonly environment?: Readonly<Record<string, string>>;
    readonly input?: string;
  } = {},
): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: options.cwd ?? tmpdir(),
    env: { ...process.env, MYRIAD_DETECT_LOCAL_MODELS: 'false', ...options.environment },
    stdio: 'pipe',
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk;
  });
  child.stdin.end(options.input ?? '');
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { code, out, err };
}
