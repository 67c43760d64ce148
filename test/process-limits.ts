import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Limits of a process that runs already, by util-linux, which every Debian has; no rights are needed for one's own.
 * A file that may not grow is written to with EFBIG: to the process, a disk without room.
 */
export async function limitProcess(
  pid: number,
  { fileSize, openFiles }: { fileSize?: number | 'unlimited'; openFiles?: number },
): Promise<void> {
  if (fileSize !== undefined) await run('prlimit', ['--pid', `${pid}`, `--fsize=${fileSize}:`]);
  if (openFiles !== undefined)
    await run('prlimit', ['--pid', `${pid}`, `--nofile=${openFiles}:${openFiles}`]);
}

/** All its threads on the first processor alone. */
export async function pinToOneProcessor(pid: number): Promise<void> {
  await run('taskset', ['--all-tasks', '--cpu-list', '--pid', '0', `${pid}`]);
}

/** Megabytes that it has in memory, now or at most so far. */
export async function memoryOf(pid: number, which: 'VmRSS' | 'VmHWM' = 'VmRSS'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`${which}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024;
}

export async function openFilesOf(pid: number): Promise<number> {
  return (await readdir(`/proc/${pid}/fd`)).length;
}
