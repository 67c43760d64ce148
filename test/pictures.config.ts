import { defineConfig } from 'vitest/config';

/** `npm run pictures`: run like a test, but asserts nothing. */
export default defineConfig({
  test: {
    include: ['test/pictures.ts'],
    globalSetup: './test/global-setup.ts',
    testTimeout: 300_000,
    hookTimeout: 60_000,
  },
});
