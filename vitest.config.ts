import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { defineConfig } from 'vitest/config';

const require = createRequire(import.meta.url);

const exclude = ['**/node_modules/**', '.chorus/**'];
/** What each file of which has a process to itself: it starts whole stacks, measures its process or records its spans. */
const alone = [
  'dev/test/**/*.test.ts',
  'kit/test/telemetry/**/*.test.ts',
  'kit/test/events/events.test.ts',
  'router/test/telemetry.test.ts',
  'router/test/lifecycle.test.ts',
];

/** Packages whose files share processes with one another only: what is loaded and kept there stays within bounds. */
const packages = [
  'router',
  ...readdirSync(path.join(import.meta.dirname, 'subgraphs')).map((name) => `subgraphs/${name}`),
];
const filesOf = (name: string): string => `${name}/test/**/*.test.ts`;

/** To load and to warm up the same modules for each file anew took half of the time of a run. */
const together = (name: string, include: string[], others: string[] = []) => ({
  extends: true as const,
  test: { name, include, exclude: [...exclude, ...alone, ...others], isolate: false },
});

export default defineConfig({
  resolve: {
    // One copy of graphql, the CommonJS one that the @apollo packages load: instanceof has to hold across them.
    alias: [{ find: /^graphql$/, replacement: require.resolve('graphql') }],
  },
  test: {
    globalSetup: ['dev/src/testing/global-setup.ts'],
    setupFiles: ['dev/src/testing/empty-redis.ts'],
    env: {
      LOG_LEVEL: 'error',
      APOLLO_TELEMETRY_DISABLED: 'true',
      NODE_COMPILE_CACHE: path.join(import.meta.dirname, '.chorus/compile-cache'),
    },
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // In the order of their names: the longest files are in the first, so that no worker is left alone with one.
    projects: [
      { extends: true, test: { name: 'alone', include: alone, exclude } },
      ...packages.map((name) => together(path.basename(name), [filesOf(name)])),
      together('others', ['**/test/**/*.test.ts'], packages.map(filesOf)),
    ],
  },
});
