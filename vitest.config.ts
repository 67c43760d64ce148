import { defineConfig } from 'vitest/config';

/** Beside other tests these tell more about the machine than about the server: `npm run faults` runs them. */
const alone = [
  'f01-f02-database-away',
  'f03-database-slow',
  'f04-database-read-only',
  'f05-disk-full',
  'f07-killed-often',
  'f08-shutdown',
  'f11-f12-mail-server',
  'f15-f16-too-many-clients',
  'f18-clients-hang-up',
  'f19-clock-steps',
  'f25-little-of-everything',
  'f26-standstill',
  'f29-conflicts',
];

export default defineConfig({
  test: {
    include: ['{src,test,faults}/**/*.test.ts', 'web/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', ...alone.map((name) => `faults/${name}.test.ts`)],
    globalSetup: './test/global-setup.ts',
    reporters: ['default', './test/reporter.ts'],
    pool: 'forks',
    maxWorkers: 2,
    expect: { poll: { timeout: 10_000 } },
    testTimeout: 90_000,
    hookTimeout: 90_000,
  },
});
