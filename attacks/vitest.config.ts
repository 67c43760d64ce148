import { defineConfig } from 'vitest/config';
import usual from '../vitest.config.ts';

/** `npm run attacks`: the attack cases alone. */
export default defineConfig({
  ...usual,
  test: { ...usual.test, include: ['attacks/**/*.test.ts'] },
});
