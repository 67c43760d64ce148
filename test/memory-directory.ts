import { access, mkdtemp, readdir, rm, statfs } from 'node:fs/promises';

const where = '/dev/shm';
const prefix = 'flowcept-tests-';
const gigabyte = 2 ** 30;

/**
 * From now on temporary files, also those of child processes, are in memory if there is enough of
 * it: each commit of the embedded store waits for its disk, thousands of times in a run. Returns a
 * function that removes them.
 */
export async function keepTemporaryFilesInMemory(): Promise<() => Promise<void>> {
  const room = await statfs(where).catch(() => null);
  if (!room || room.bavail * room.bsize < 2 * gigabyte) return async () => {};
  await clearAfterKilledRuns();
  const directory = await mkdtemp(`${where}/${prefix}${process.pid}-`);
  process.env['TMPDIR'] = directory;
  return () => rm(directory, { recursive: true, force: true });
}

/** What a crashed run left behind would fill the memory until the machine restarts. */
async function clearAfterKilledRuns(): Promise<void> {
  for (const name of await readdir(where)) {
    const pid = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined) continue;
    const isRunning = await access(`/proc/${pid}`).then(
      () => true,
      () => false,
    );
    if (!isRunning) await rm(`${where}/${name}`, { recursive: true, force: true });
  }
}
