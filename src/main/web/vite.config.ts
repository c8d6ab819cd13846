import react from '@vitejs/plugin-react';
import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

const here = import.meta.dirname;
const backend = process.env.THROUGHLINE_BACKEND ?? 'http://localhost:8080';
const simulator = process.env.THROUGHLINE_SIMULATOR ?? 'http://localhost:8090';

export default defineConfig({
  root: here,
  // Deep links such as /tasks/… need absolute addresses; the simulator serves the same /assets on its own port.
  base: '/',
  plugins: [react()],
  build: {
    outDir: process.env.THROUGHLINE_WEB_OUT ?? resolve(here, '../../../target/web'),
    emptyOutDir: true,
    cssTarget: ['chrome123', 'firefox121', 'safari17.5'],
    assetsInlineLimit: 0,
    reportCompressedSize: true,
    rolldownOptions: { input: { index: resolve(here, 'index.html'), phone: resolve(here, 'phone.html') } },
  },
  server: { proxy: { '/api': backend, '/sim': simulator } },
  preview: { proxy: { '/api': backend, '/sim': simulator } },
  test: { environment: 'node', include: ['src/**/*.test.ts'] },
});
