import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react()],
  // Relative, so that the page works under any path of a reverse proxy.
  base: './',
  build: {
    outDir: '../dist/graphiql',
    emptyOutDir: true,
    target: 'es2023',
    // The editor (Monaco with its GraphQL and JSON languages) is one chunk of 3 MB, loaded after the first paint.
    chunkSizeWarningLimit: 4_000,
    reportCompressedSize: false,
    rolldownOptions: {
      // GraphiQL labels its icons by the names of their functions; minified, a screen reader would say "a t icon".
      output: { keepNames: true },
      onLog(level, log, report) {
        // 'use no memo' in GraphiQL's files speaks to a compiler that has run already.
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') report(level, log);
      },
    },
  },
  worker: { format: 'es' },
});
