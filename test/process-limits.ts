import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Sets limits of a running process with util-linux, which every Debian has; a user needs no rights
 * for their own processes. A write to a file that may not grow fails with EFBIG, like a full disk.
 */
export async function limitProcess(
  pid: number,
  { fileSize, openFiles }: { fileSize?: number | 'unlimited'; openFiles?: number },
): Promise<void> {
  if (fileSize !== undefined) await run('prlimit', ['--pid', `${pid}`, `--fsize=${fileSize}:`]);
  if (openFiles !== undefined)
    await run('prlimit', ['--pid', `${pid}`, `--nofile=${openFiles}:${openFiles}`]);
}

/** Moves all its threads to the first processor. */
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
