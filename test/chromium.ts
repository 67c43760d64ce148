import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';

const run = promisify(execFile);
/**
 * The headless build first: with a browser for each page, opening one otherwise takes five times
 * the processor time.
 */
const names = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'];
const second = 1_000;
const minute = 60 * second;

export const howToGetChromium =
  'No Chromium: the tests in the browser are skipped. Put chromium-headless-shell or chromium on the PATH, or name one in CHROMIUM.';

/**
 * The first that starts. If there is none, the first use installs one. `null`: none is available.
 */
export async function findChromium(): Promise<string | null> {
  return (await named()) ?? (await onPath()) ?? (await playwrights()) ?? (await debians());
}

/** A browser that is named must work: a silent fallback would test something else. */
async function named(): Promise<string | null> {
  const path = process.env['CHROMIUM'];
  if (!path) return null;
  if (await starts(path)) return path;
  throw new Error(`CHROMIUM names ${path}, which does not start.`);
}

async function onPath(): Promise<string | null> {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const path of names.flatMap((name) => folders.map((folder) => join(folder, name)))) {
    if (await starts(path)) return path;
  }
  return null;
}

/** Playwright’s own download, in the folder that it shares between projects. */
async function playwrights(): Promise<string | null> {
  const path = chromium.executablePath();
  if (await starts(path)) return path;
  const cli = join(
    dirname(createRequire(import.meta.url).resolve('playwright-core/package.json')),
    'cli.js',
  );
  const env = { ...process.env, PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: `${10 * second}` };
  const installed = await succeeds(process.execPath, [cli, 'install', '--no-shell', 'chromium'], {
    env,
    timeout: 4 * minute,
  });
  return installed && (await starts(path)) ? path : null;
}

async function debians(): Promise<string | null> {
  const isDebian = await access('/etc/debian_version').then(
    () => true,
    () => false,
  );
  if (!isDebian || process.getuid?.() !== 0) return null;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const wait = ['-o', 'DPkg::Lock::Timeout=120'];
  await succeeds('apt-get', ['update', '-qq'], { env, timeout: 2 * minute });
  for (const name of ['chromium-headless-shell', 'chromium']) {
    const install = ['install', '-y', '-qq', '--no-install-recommends', ...wait, name];
    if (await succeeds('apt-get', install, { env, timeout: 6 * minute })) break;
  }
  return onPath();
}

/** The file can be a stub that points elsewhere, or lack its libraries. */
async function starts(path: string): Promise<boolean> {
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  return isThere && succeeds(path, ['--version'], { timeout: 30 * second });
}

async function succeeds(
  command: string,
  args: string[],
  options: { timeout: number; env?: NodeJS.ProcessEnv },
): Promise<boolean> {
  return run(command, args, { ...options, maxBuffer: 16 * 1024 * 1024 }).then(
    () => true,
    () => false,
  );
}
