// Runs the mutants in parts that can be interrupted and resumed: `npm run mutants -- --store
// mongodb --shard 3/12`.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    /** `libsql` or `mongodb`; both by default. */
    store: { type: 'string', multiple: true, default: ['libsql', 'mongodb'] },
    /** One of this many parts; all twelve by default, one after another. */
    shard: {
      type: 'string',
      multiple: true,
      default: Array.from({ length: 12 }, (_, index) => `${index + 1}/12`),
    },
    /**
     * How many builds are served at once: by default three on libSQL, which use two cores fully,
     * and one on MongoDB, where all share one server.
     */
    concurrency: { type: 'string' },
  },
});
const vitest = join('node_modules', '.bin', 'vitest');
const words = ['run', '--config', join('test', 'mutants', 'vitest.config.ts')];
const atOnce = { libsql: '3', mongodb: '1' };

let failed = 0;
for (const store of values.store) {
  for (const shard of values.shard) {
    process.stdout.write(`\n${store}, shard ${shard}\n`);
    const env = { ...process.env, FLOWCEPT_MUTANTS_STORE: store, FLOWCEPT_MUTANTS_SHARD: shard };
    if (
      spawnSync(
        vitest,
        [...words, '--maxConcurrency', values.concurrency ?? atOnce[store] ?? '1'],
        { stdio: 'inherit', env },
      ).status !== 0
    )
      failed++;
  }
}
process.exit(failed === 0 ? 0 : 1);
