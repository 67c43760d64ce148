import { defineConfig } from 'vitest/config';

/** `npm run pictures`: not a test of anything, but run like one. */
export default defineConfig({
  test: {
    include: ['test/pictures.ts'],
    globalSetup: './test/global-setup.ts',
    testTimeout: 300_000,
    hookTimeout: 60_000,
  },
});
