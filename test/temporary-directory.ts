import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A directory for one test, or for one file if called in a hook; removed afterwards. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'flowcept-test-'));
  const remove = () => rm(directory, { recursive: true, force: true });
  try {
    onTestFinished(remove);
  } catch {
    process.once('beforeExit', () => void remove());
  }
  return directory;
}
