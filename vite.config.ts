import { gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Most bytes, as sent with gzip, that the browser needs before it shows anything. */
const entryBudgetBytes = 350 * 1024;

/** Fails a build whose first load is too heavy: charts and editors are to be loaded when they are shown. */
function entryBudget(): Plugin {
  return {
    name: 'entry-budget',
    writeBundle(_options, bundle) {
      const counted = new Set<string>();
      const count = (name: string): number => {
        const chunk = bundle[name];
        if (chunk?.type !== 'chunk' || counted.has(name)) return 0;
        counted.add(name);
        return gzipSync(chunk.code).byteLength + chunk.imports.reduce((sum, next) => sum + count(next), 0);
      };
      const entries = Object.values(bundle).filter((part) => part.type === 'chunk' && part.isEntry);
      const bytes = entries.reduce((sum, entry) => sum + count(entry.fileName), 0);
      const kilobytes = (bytes / 1024).toFixed(0);
      if (bytes === 0) this.error('the portal has no entry');
      if (bytes > entryBudgetBytes) {
        this.error(
          `the portal's entry is ${kilobytes} KiB with gzip; ${entryBudgetBytes / 1024} are allowed`,
        );
      }
      this.info(`entry: ${kilobytes} KiB with gzip`);
    },
  };
}

/** Where `npm run dev:renderer` finds the platform. */
const platform = process.env.FLEETBENCH_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  root: 'renderer',
  base: './',
  publicDir: false,
  plugins: [react(), entryBudget()],
  build: {
    outDir: '../dist/portal',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
    reportCompressedSize: false,
  },
  server: {
    proxy: {
      '/api': platform,
      '/bench': platform,
      '/live': { target: platform.replace(/^http/, 'ws'), ws: true },
    },
  },
});
