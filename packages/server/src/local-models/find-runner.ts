/** What can run a GGUF file on this machine: llama.cpp's `llama-server`, or the optional package `node-llama-cpp`. */
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MyriadError } from '@myriad/contracts';
import type { Environment } from '../read-environment.ts';

export interface Runner {
  readonly kind: 'llama-server' | 'node-llama-cpp';
  /** The executable, or the package's entry. */
  readonly path: string;
}

export const installAdvice =
  'Nothing here can run a downloaded model. Install llama.cpp so that `llama-server` is on PATH (macOS: `brew install llama.cpp`; Windows: `winget install llama.cpp`; Linux: an archive of github.com/ggml-org/llama.cpp/releases) or set `llamaServer` to its path; or run `npm install node-llama-cpp` beside Myriad.';

export interface FindRunnerOptions {
  /** Operator's path; when it is given, nothing else is tried. */
  readonly llamaServer: string | undefined;
  readonly environment: Environment;
  /** Entry of the optional package, or null. */
  readonly resolvePackage?: () => string | null;
}

/** @throws MyriadError `config_invalid` when the operator's path cannot be executed. */
export async function findRunner(options: FindRunnerOptions): Promise<Runner | null> {
  const { llamaServer, environment, resolvePackage = resolveNodeLlama } = options;
  if (llamaServer) {
    if (await isExecutable(llamaServer)) return { kind: 'llama-server', path: llamaServer };
    throw new MyriadError('config_invalid', `\`llamaServer\` is ${llamaServer}, which cannot be executed.`);
  }
  const names = process.platform === 'win32' ? ['llama-server.exe'] : ['llama-server'];
  for (const folder of (environment.PATH ?? environment.Path ?? '').split(delimiter).filter(Boolean)) {
    for (const name of names) {
      const path = join(folder, name);
      if (await isExecutable(path)) return { kind: 'llama-server', path };
    }
  }
  const entry = resolvePackage();
  return entry ? { kind: 'node-llama-cpp', path: entry } : null;
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** It is never among the dependencies: 100 MB and more of native code that most nodes do without. */
function resolveNodeLlama(): string | null {
  try {
    return fileURLToPath(import.meta.resolve('node-llama-cpp'));
  } catch {
    return null;
  }
}
