import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The policy that the server sends with the console; the preview sends it too, so that a breach shows early. */
const contentPolicy =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; frame-ancestors 'none'";

const node = 'http://127.0.0.1:8420';

export default defineConfig(async ({ mode }) => ({
  plugins: [
    react(),
    tailwind(),
    ...(mode === 'mock' ? [(await import('./src/testing/serve-mock-api.ts')).serveMockApi()] : []),
  ],
  // Workers that start workers, as the simulator does, need modules.
  worker: { format: 'es' as const },
  build: { target: 'es2022', sourcemap: false, assetsInlineLimit: 0, chunkSizeWarningLimit: 700 },
  server: { port: 8421, ...(mode === 'mock' ? {} : { proxy: { '/api': node, '/v1': node } }) },
  preview: { port: 8422, headers: { 'content-security-policy': contentPolicy } },
}));
