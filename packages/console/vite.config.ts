import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** The policy that the server sends with the console; the preview sends it too, so that a breach shows early. */
const contentPolicy =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; frame-ancestors 'none'";

/** Character maps and standard fonts of PDF, which are fetched when a document needs them: Chinese ones mostly do. */
function pdfResources(): Plugin {
  const folder = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'));
  return {
    name: 'pdf-resources',
    apply: 'build',
    generateBundle() {
      for (const part of ['cmaps', 'standard_fonts']) {
        for (const name of readdirSync(join(folder, part))) {
          this.emitFile({
            type: 'asset',
            fileName: `pdf/${part}/${name}`,
            source: readFileSync(join(folder, part, name)),
          });
        }
      }
    },
  };
}

const node = 'http://127.0.0.1:8420';

export default defineConfig(async ({ mode }) => ({
  plugins: [
    react(),
    tailwind(),
    pdfResources(),
    ...(mode === 'mock' ? [(await import('./src/testing/serve-mock-api.ts')).serveMockApi()] : []),
  ],
  // Workers that start workers, as the simulator does, need modules.
  worker: { format: 'es' as const },
  build: { target: 'es2022', sourcemap: false, assetsInlineLimit: 0, chunkSizeWarningLimit: 700 },
  server: { port: 8421, ...(mode === 'mock' ? {} : { proxy: { '/api': node, '/v1': node } }) },
  preview: { port: 8422, headers: { 'content-security-policy': contentPolicy } },
}));
