import { defineConfig } from 'vitest/config';
import usual from '../vitest.config.ts';

/** `npm run faults`: the fault cases alone, one file after another. */
export default defineConfig({
  ...usual,
  test: { ...usual.test, include: ['faults/**/*.test.ts'], exclude: [], maxWorkers: 1 },
});
