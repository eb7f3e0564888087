import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Production React has no jsxDEV, and the console runs on production React.
  oxc: { jsx: { runtime: 'automatic', development: false } },
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    // Longer than what a test waits for (test/helpers/until.ts): a machine may be busy, and only what fails takes so long.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    pool: 'forks',
    env: { NODE_ENV: 'production' },
  },
});
