import { defineConfig } from 'vitest/config';

/** `npm run attacks:twins`: fires the attack cases at vulnerable builds. */
export default defineConfig({
  test: {
    include: ['test/twins/seen-to-fail.ts', 'test/twins/twins.test.ts'],
    pool: 'forks',
    maxConcurrency: 2,
    testTimeout: 120_000,
    reporters: ['verbose'],
  },
});
