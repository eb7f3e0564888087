import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Production React has no jsxDEV, and the console runs on production React.
  oxc: { jsx: { runtime: 'automatic', development: false } },
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    testTimeout: 40_000,
    hookTimeout: 60_000,
    pool: 'forks',
    env: { NODE_ENV: 'production' },
  },
});
