import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{src,test,faults}/**/*.test.ts', 'web/**/*.test.{ts,tsx}'],
    globalSetup: './test/global-setup.ts',
    reporters: ['default', './test/reporter.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 90_000,
    hookTimeout: 90_000,
  },
});
