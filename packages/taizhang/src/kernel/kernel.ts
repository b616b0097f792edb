import { contractionKernel, packKernel, type RealBytes } from './contraction-kernel.ts';
import type { Kernel } from './kernel-interface.ts';
import { plainKernel } from './plain-kernel.ts';
import { assembleModule } from './wasm-assembler.ts';

const modules = new Map<string, WebAssembly.Module | null>();

/** The compiled kernels, or null where WebAssembly or its SIMD instructions are missing. */
function simdModule(realBytes: RealBytes, shared: boolean): WebAssembly.Module | null {
  const key = `${realBytes}${shared}`;
  let module = modules.get(key);
  if (module === undefined) {
    const functions = [
      contractionKernel(realBytes, 1),
      contractionKernel(realBytes, 2),
      contractionKernel(realBytes, 4),
      packKernel(realBytes),
    ];
    const bytes = assembleModule(functions, { shared });
    module = typeof WebAssembly === 'object' && WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : null;
    modules.set(key, module);
  }
  return module;
}

/**
 * Kernels over fresh memory of at least `bytes`.
 *
 * @param kind `simd` falls back to `plain` where SIMD is missing; results are equal bit for bit.
 * @throws RangeError when the memory cannot be had.
 */
export function createKernel(realBytes: RealBytes, bytes: number, kind: 'simd' | 'plain' = 'simd'): Kernel {
  const module = kind === 'simd' ? simdModule(realBytes, false) : null;
  if (module === null) return plainKernel(realBytes, new ArrayBuffer(Math.ceil(bytes / 8) * 8));
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / 65536), maximum: 65536 });
  return instantiate(module, memory);
}

/** Memory that several workers can hold, or null where it is not allowed (a browser page without isolation). */
export function sharedMemory(bytes: number): WebAssembly.Memory | null {
  if (typeof SharedArrayBuffer === 'undefined' || simdModule(4, true) === null) return null;
  const pages = Math.ceil(bytes / 65536);
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
}

/** SIMD kernels over memory made by `sharedMemory`. */
export function sharedKernel(realBytes: RealBytes, memory: WebAssembly.Memory): Kernel {
  return instantiate(simdModule(realBytes, true)!, memory);
}

function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): Kernel {
  const { exports } = new WebAssembly.Instance(module, { m: { memory } });
  const call = (name: string) => exports[name] as (...numbers: number[]) => void;
  return {
    kind: 'simd',
    buffer: memory.buffer,
    contract: { 1: call('contract1'), 2: call('contract2'), 4: call('contract4') },
    pack: call('pack'),
  };
}
