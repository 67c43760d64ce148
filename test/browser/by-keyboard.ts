import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

const furthest = 60;

/** Presses Tab until one of these has the focus. Every element on the way must show its focus. */
export async function tabTo(page: Page, wanted: Locator): Promise<void> {
  await wanted.first().waitFor();
  for (let steps = 0; steps < furthest; steps += 1) {
    await page.keyboard.press('Tab');
    const { outline, at } = await focusMark(page);
    // After the last stop comes the page as a whole, then the first stop.
    if (!at.startsWith('BODY')) expect(outline, `around ${at}`).toMatch(/^(?:solid|auto) [2-9]/);
    if (await hasFocus(wanted)) return;
  }
  throw new Error(`${furthest} tabs did not reach ${wanted.toString()}.`);
}

function hasFocus(wanted: Locator): Promise<boolean> {
  return wanted.evaluateAll((elements) =>
    elements.some((element) => element === document.activeElement),
  );
}

export async function expectFocus(wanted: Locator): Promise<void> {
  await wanted.first().waitFor();
  await expect
    .poll(() => hasFocus(wanted), { timeout: 5_000, message: `the focus at ${wanted.toString()}` })
    .toBe(true);
}

function focusMark(page: Page): Promise<{ outline: string; at: string }> {
  return page.evaluate(() => {
    const focused = document.activeElement ?? document.body;
    const { outlineStyle, outlineWidth } = getComputedStyle(focused);
    return {
      outline: `${outlineStyle} ${outlineWidth}`,
      at: `${focused.tagName} ${focused.textContent?.slice(0, 40)}`,
    };
  });
}

/**
 * A dialog keeps the focus however often Tab is pressed. Escape closes it and restores the focus.
 */
export async function leaveByEscape(page: Page, dialog: Locator, opener: Locator): Promise<void> {
  await dialog.waitFor();
  for (let steps = 0; steps < 8; steps += 1) {
    await page.keyboard.press('Tab');
    // Between the last stop and the first, the focus is on the browser’s own controls, and nothing
    // on the page has it.
    expect(
      await dialog.evaluate(
        (shown) =>
          shown.contains(document.activeElement) || document.activeElement === document.body,
      ),
    ).toBe(true);
  }
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await expectFocus(opener);
}

/** Moves there with Tab, and presses it. */
export async function press(page: Page, wanted: Locator): Promise<void> {
  await tabTo(page, wanted);
  await page.keyboard.press('Enter');
}

/** Moves there with Tab, and replaces its text. */
export async function typeAt(page: Page, wanted: Locator, text: string): Promise<void> {
  await tabTo(page, wanted);
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type(text);
}
