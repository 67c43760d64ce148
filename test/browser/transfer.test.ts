import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../src/package-root.ts';
import { onLibsql } from '../on-both-stores.ts';
import { inTheBrowser } from './in-the-browser.ts';
import { heading } from './steps.ts';

const KB = 1024;
/**
 * The budgets of the app and its stylesheet, a screen, the separate script, the page itself and its
 * API requests.
 */
const maxForSignIn = (165 + 12 + 30 + 8 + 8) * KB;

inTheBrowser(
  'what is transferred',
  ({ site, person }) => {
    test('the sign-in page keeps within its budgets in bytes on the wire', async () => {
      const { page } = await person();
      const wire = await page.context().newCDPSession(page);
      await wire.send('Network.enable');
      const paths = new Map<string, { path: string; encoding: string }>();
      const transferred: { path: string; encoding: string; bytes: number }[] = [];
      wire.on('Network.responseReceived', ({ requestId, response }) => {
        const header = Object.entries(response.headers).find(
          ([name]) => name.toLowerCase() === 'content-encoding',
        );
        paths.set(requestId, {
          path: new URL(response.url).pathname,
          encoding: header?.[1] ?? 'none',
        });
      });
      wire.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
        const seen = paths.get(requestId);
        if (seen) transferred.push({ ...seen, bytes: encodedDataLength });
      });
      await page.goto('/sign-in');
      await heading(page, /Sign in/);
      await page.waitForLoadState('networkidle');

      const assets = transferred.filter(({ path }) => path.startsWith('/assets/'));
      expect(assets.length).toBeGreaterThan(2);
      const sizes = await Promise.all(
        assets.map(
          async ({ path }) => (await readFile(join(packageRoot, 'dist', 'public', path))).length,
        ),
      );
      const [whole, sent] = [sizes, assets.map(({ bytes }) => bytes)].map((each) =>
        each.reduce((sum, size) => sum + size, 0),
      );
      // Plain HTTP on loopback: Chromium accepts brotli only over TLS and from localhost.
      expect(
        new Set(assets.filter((_, at) => (sizes[at] ?? 0) >= KB).map(({ encoding }) => encoding)),
      ).toEqual(new Set([new URL(site().origin).hostname === 'localhost' ? 'br' : 'gzip']));
      expect(sent).toBeLessThan((whole ?? 0) / 2);
      expect(transferred.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(maxForSignIn);
    });
  },
  { stores: onLibsql },
);
