/** One process that runs a model on a loopback port: what it is called with, and how it is ended. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Environment } from '../read-environment.ts';
import type { Runner } from './find-runner.ts';

export interface ModelProcessOptions {
  readonly runner: Runner;
  readonly file: string;
  readonly name: string;
  readonly port: number;
  readonly contextTokens: number;
  /** What the process demands as bearer token, so that others on this machine cannot use it. */
  readonly key: string;
  readonly environment: Environment;
}

export interface ModelProcess {
  readonly pid: number;
  /** Resolves when the process is gone, with its exit in words. */
  readonly ended: Promise<string>;
  /** The end of what it wrote to standard error. */
  lastWords(): string;
  /** SIGTERM, then SIGKILL after `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

/** Only what finding libraries and devices needs: keys of providers are no business of this process. */
const passedOn =
  /^(PATH|Path|HOME|TMPDIR|TEMP|LANG|SystemRoot|USERPROFILE|(DY)?LD_LIBRARY_PATH|(CUDA|HIP|ROCR|HSA|VK|GGML|OMP|LLAMA_ARG)_.*)$/;

const nodeLlamaServer = join(import.meta.dirname, 'node-llama-server.ts');

export function openModelProcess(options: ModelProcessOptions): ModelProcess {
  const { runner, file, name, port, contextTokens, key, environment } = options;
  const [command, ...args] =
    runner.kind === 'llama-server'
      ? [runner.path, '--model', file, '--alias', name, '--host', '127.0.0.1', '--port', String(port)].concat(
          // One answer at a time: a second would halve the context of the first.
          ['--ctx-size', String(contextTokens), '--parallel', '1', '--jinja'],
        )
      : [process.execPath, nodeLlamaServer, runner.path, file, name, String(port), String(contextTokens)];
  const child = spawn(command as string, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...Object.fromEntries(Object.entries(environment).filter(([variable]) => passedOn.test(variable))),
      LLAMA_API_KEY: key,
    },
  });
  let words = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-4_096);
  });
  const ended = endOf(child);
  return {
    pid: child.pid ?? 0,
    ended,
    lastWords: () =>
      words
        .split('\n')
        .map((line) => line.trim())
        .filter(Boolean)
        .slice(-3)
        .join(' · ')
        .slice(-400),
    async stop(graceMs) {
      if (child.pid === undefined) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`it could not be started: ${error.message}`));
    child.once('exit', (code, signal) => resolve(signal ? `it was ended by ${signal}` : `it ended with code ${code}`));
  });
}

/** A port that nothing listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
