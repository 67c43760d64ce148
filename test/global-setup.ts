import type { TestProject } from 'vitest/node';
import { findChromium, howToGetChromium } from './chromium.ts';
import { keepTemporaryFilesInMemory } from './memory-directory.ts';
import { openTestMongo } from './mongodb.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /**
     * The address of a database on the run’s MongoDB; see `freshDatabase`. `null`: there is none.
     */
    mongodb: string | null;
    mongodbKind: string;
    /** The path of Chromium. `null`: there is none. */
    chromium: string | null;
  }
}

const howToGetOne =
  'No MongoDB: its tests are skipped. Put mongod on the PATH, or Python 3.10 to 3.13, or name one in FLOWCEPT_TEST_MONGODB_URI.';

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const clear = await keepTemporaryFilesInMemory();
  const chromium = await findChromium();
  if (chromium === null) console.warn(howToGetChromium);
  project.provide('chromium', chromium);
  const server = await openTestMongo();
  if (!server) console.warn(howToGetOne);
  project.provide('mongodb', server?.base ?? null);
  project.provide('mongodbKind', server?.kind ?? 'none');
  return async () => {
    await server?.stop();
    await clear();
  };
}
