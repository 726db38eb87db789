import { defineConfig } from 'vitest/config';

/** Where CI wants a report of every test, besides the one on the terminal. */
const report = process.env['ORCH_TEST_JSON'];

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    // Most of the time tests wait, for nodes, engines and clocks: two at a time leave two cores idle.
    maxWorkers: 3,
    testTimeout: 30_000,
    hookTimeout: 120_000,
    ...(report !== undefined && { reporters: ['default', ['json', { outputFile: report }]] }),
  },
});
