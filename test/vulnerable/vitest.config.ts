import { defineConfig } from 'vitest/config';

/** `npm run attacks:vulnerable`: fires the attack cases at vulnerable builds. */
export default defineConfig({
  test: {
    include: ['test/vulnerable/seen-to-fail.ts', 'test/vulnerable/builds.test.ts'],
    pool: 'forks',
    maxConcurrency: 2,
    testTimeout: 120_000,
    reporters: ['verbose'],
  },
});
