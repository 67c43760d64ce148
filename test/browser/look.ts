import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import { invalidHtml } from '../valid-html.ts';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** All rules that are on by default, and the size of targets (WCAG 2.5.8). */
const rules: RunOptions = {
  resultTypes: ['violations'],
  rules: { 'target-size': { enabled: true } },
};
/** What a colour scheme can change. */
const colours: RunOptions = {
  resultTypes: ['violations'],
  runOnly: ['color-contrast', 'link-in-text-block'],
};
const wide = { width: 1280, height: 900 };
const narrow = { width: 320, height: 640 };

const spared = new WeakSet<BrowserContext>();

/** How a page looks does not depend on the store, so it is examined on the first one only. */
export function spareLooks(context: BrowserContext): void {
  spared.add(context);
}

/**
 * Asserts that a page is valid HTML and accessible: no axe violation in light mode, in dark mode and
 * at 320 px; nothing is cut off or scrolls sideways there, also with text at twice the size.
 */
export async function look(page: Page): Promise<void> {
  if (spared.has(page.context())) return;
  const where = `${new URL(page.url()).pathname}, `;
  const found = await invalidHtml(
    new URL(page.url()).pathname,
    withoutNoscript(await page.content()),
  );
  await page.evaluate(axe);
  for (const [colorScheme, options] of [
    ['dark', colours],
    ['light', rules],
  ] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    found.push(
      ...(await violations(page, options)).map((line) => `${where}${colorScheme}: ${line}`),
    );
  }
  await page.setViewportSize(narrow);
  found.push(...(await violations(page, rules)).map((line) => `${where}320 px: ${line}`));
  found.push(...(await lost(page)).map((line) => `${where}320 px: ${line}`));
  await page.setViewportSize(wide);
  await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
  found.push(...(await lost(page)).map((line) => `${where}200 %: ${line}`));
  await page.evaluate(() => (document.documentElement.style.fontSize = ''));
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  expect(found).toEqual([]);
}

/** With scripts, what `noscript` contains is only text to a browser. */
function withoutNoscript(html: string): string {
  return html.replaceAll(/<noscript>.*?<\/noscript>/gs, '');
}

async function violations(page: Page, options: RunOptions): Promise<string[]> {
  await settled(page);
  const { violations } = await page.evaluate(
    (options) =>
      (globalThis as unknown as { axe: { run(options: RunOptions): Promise<AxeResults> } }).axe.run(
        options,
      ),
    options,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')}: ${failureSummary}`),
  );
}

/** Colours in transition have the contrast of neither state. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const ending = document
      .getAnimations()
      .filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(ending.map(({ finished }) => finished));
  });
}

/**
 * What overflows the right edge of a page that scrolls sideways, and text that its own box cuts
 * off. WCAG 1.4.4, 1.4.10.
 */
async function lost(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const nameOf = (element: Element) =>
      `<${element.tagName.toLowerCase()} class="${element.getAttribute('class') ?? ''}">`;
    const all = [...document.body.querySelectorAll('*')];
    const { scrollWidth, clientWidth } = document.documentElement;
    const reaching =
      scrollWidth > clientWidth
        ? all.filter((element) => element.getBoundingClientRect().right > clientWidth)
        : [];
    const cut = all.filter((element) => {
      const { overflowX, clipPath, textOverflow } = getComputedStyle(element);
      const mayCut =
        clipPath === 'none' &&
        (overflowX === 'hidden' || overflowX === 'clip' || textOverflow === 'ellipsis');
      return (
        mayCut &&
        !(element instanceof HTMLInputElement) &&
        !(element instanceof SVGElement) &&
        element.scrollWidth > element.clientWidth + 1
      );
    });
    return [
      ...reaching
        .slice(0, 5)
        .map((element) => `the page is ${scrollWidth} px wide by ${nameOf(element)}`),
      ...cut.slice(0, 5).map((element) => `cut off: ${nameOf(element)}`),
    ];
  });
}
