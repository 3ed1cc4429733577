import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';

/** Builds the editor into dist/, which the server serves. Workspace packages are read from their sources. */
export default defineConfig({
  plugins: [react()],
  resolve: { conditions: ['source', ...defaultClientConditions] },
  // Assets stay files: a strict CSP has no data: scripts, and fonts are cached on their own.
  build: {
    outDir: 'dist',
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    chunkSizeWarningLimit: 800,
    rollupOptions: {
      // Of the graph package the browser needs sentences and function names, not Ajv or the expression engine. None of its
      // modules does anything on import, so what is not used can go.
      treeshake: {
        moduleSideEffects: (id) =>
          !/[\\/]runtime[\\/]graph[\\/]|[\\/]operators[\\/]sdk[\\/]|[\\/](ajv|ajv-formats|re2js|typebox)[\\/]|cel-js/.test(
            id,
          ),
      },
    },
  },
  worker: { format: 'es' },
  server: { proxy: { '/api': { target: process.env.MILLRACE_URL ?? 'http://127.0.0.1:4400', ws: true } } },
});
