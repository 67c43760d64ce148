import { defineConfig } from 'vitest/config';
import usual from '../../vitest.config.ts';

/** Serves and checks every mutant, which takes a quarter of an hour. */
export default defineConfig({
  ...usual,
  test: { ...usual.test, include: ['test/mutants/all.mutants.ts'], maxConcurrency: 3 },
});
