import { mkdtemp, rm, statfs } from 'node:fs/promises';

const where = '/dev/shm';
const gigabyte = 2 ** 30;

/**
 * From now on temporary files, those of processes begun later included, lie in memory where there is enough of it: each
 * commit of the embedded store waits for its disk, thousands of times in a run. Returns what takes them away.
 */
export async function keepTemporaryFilesInMemory(): Promise<() => Promise<void>> {
  const room = await statfs(where).catch(() => null);
  if (!room || room.bavail * room.bsize < 2 * gigabyte) return async () => {};
  const directory = await mkdtemp(`${where}/flowcept-tests-`);
  process.env['TMPDIR'] = directory;
  return () => rm(directory, { recursive: true, force: true });
}
