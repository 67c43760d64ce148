import { expect, test, vi } from 'vitest';
import { offerClaim } from '../../src/accounts/claim-operator.ts';
import { minute } from '../../src/clock.ts';
import { onLibsql } from '../on-both-stores.ts';
import { inTheBrowser, type Site } from './in-the-browser.ts';
import { look } from './look.ts';
import type { Person } from './person.ts';
import { account, fillAccount, heading, member, signIn } from './steps.ts';

const proved = [
  'password-hashing',
  'session-cookies',
  'email-verification',
  'code-limits',
  'encryption-at-rest',
];

async function claim({ page }: Person, site: Site, name: string): Promise<void> {
  await page.goto(await offerClaim(site.services));
  await heading(page, /operator/);
  await fillAccount(page, account(name));
  await page.getByRole('button', { name: 'Create operator account' }).click();
  await heading(page, `Hello, ${name}`);
}

inTheBrowser('an operator', ({ site, person }) => {
  test('the link from the terminal makes the first operator, and its token leaves the address bar', async () => {
    const { page } = await person();
    await page.goto(await offerClaim(site().services));
    await heading(page, /operator/);
    expect(new URL(page.url()).hash).toBe('');
    await look(page);
    await fillAccount(page, account('Olga'));
    await page.getByRole('button', { name: 'Create operator account' }).click();
    await heading(page, 'Hello, Olga');
    await page.getByText('Operator', { exact: true }).waitFor();
    await look(page);
  });

  test('an operator sees which setup steps are left, and skips one', async () => {
    const otis = await person();
    const { page } = otis;
    await claim(otis, site(), 'Otis');
    const setup = page.getByRole('region', { name: 'Set up this deployment' });
    await setup.getByText('Emails stay in the sandbox mailbox of this machine.').waitFor();
    await look(page);
    while (await setup.getByRole('button', { name: 'Skip this step' }).count())
      await setup.getByRole('button', { name: 'Skip this step' }).first().click();
    await page.reload();
    await setup.getByText('All steps done or skipped').click();
    await setup.getByRole('button', { name: 'Undo skip' }).first().click();
    await setup.getByRole('button', { name: 'Skip this step' }).waitFor();
    await look(page);
  });

  test('a user who is not an operator does not see the setup steps', async () => {
    await member(site(), account('Nora'));
    const nora = await person();
    await signIn(nora, account('Nora'));
    await nora.page.getByRole('region', { name: 'Your devices' }).waitFor();
    expect(await nora.page.getByRole('region', { name: 'Set up this deployment' }).count()).toBe(0);
  });

  test('a missing or used link tells how to get another one', async () => {
    const oscar = await person();
    const { page } = oscar;
    await page.goto('/operator');
    await page.getByText('node bin/flowcept.js claim').first().waitFor();
    await look(page);

    const link = await offerClaim(site().services);
    const otto = await person();
    oscar.expects('410 POST /api/operators/claim', '410 POST /api/operators/claim/check');
    for (const { page: at } of [oscar, otto]) await at.goto('/').then(() => at.goto(link));
    await fillAccount(otto.page, account('Otto'));
    await otto.page.getByRole('button', { name: 'Create operator account' }).click();
    await heading(otto.page, 'Hello, Otto');
    await fillAccount(page, account('Oscar'));
    await page.getByRole('button', { name: 'Create operator account' }).click();
    await heading(page, 'This link expired or was already used');
    expect(
      await page
        .getByRole('heading', { level: 1 })
        .evaluate((element) => element === document.activeElement),
    ).toBe(true);
    await look(page);

    await page.goto('/');
    await page.goto(link);
    await heading(page, 'This link expired or was already used');
    expect(await page.getByRole('textbox').count()).toBe(0);
    await look(page);
  });

  test('an accessible page is shown while the checks run', async () => {
    const { page } = await person();
    vi.spyOn(site().services.trust, 'isRunning').mockResolvedValue(true);
    await page.goto('/security/run');
    await heading(page, 'The checks are running');
    await look(page);
    await page.goto('/security');
    await page.getByRole('status').waitFor();
    await look(page);
    vi.restoreAllMocks();
  });

  test('the page of a run is updated in place, keeps the focus, and ends with the results', async () => {
    const { page } = await person();
    const { trust } = site().services;
    vi.spyOn(trust, 'isRunning').mockResolvedValue(true);
    const steps = vi.spyOn(trust, 'steps');
    steps.mockReturnValue([{ title: 'A check', state: 'under way' }]);
    await page.goto('/security/run');
    await page.getByText('0 of 1 checks finished').waitFor();
    const back = page.locator('main').getByRole('link');
    await back.focus();
    steps.mockReturnValue([{ title: 'A check', state: 'true' }]);
    await page.getByText('1 of 1 checks finished').waitFor();
    expect(await back.evaluate((link) => link === document.activeElement)).toBe(true);
    vi.restoreAllMocks();
    await page.waitForURL('/security');
    await heading(page, 'Security');
  });

  test('only an operator can run the checks', async () => {
    const { page } = await person();
    await page.goto('/security');
    await heading(page, 'Security');
    expect(await page.getByRole('button', { name: 'Run checks' }).count()).toBe(0);
  });
});

// The page is the same on MongoDB, where a run takes minutes: `test/mutants` makes whole runs
// there.
inTheBrowser(
  'an operator',
  ({ site, person }) => {
    test(
      'an operator runs the checks from the page and sees them pass',
      async () => {
        const olive = await person();
        const { page } = olive;
        await claim(olive, site(), 'Olive');
        await page.getByRole('main').getByRole('link', { name: 'Run the checks' }).click();
        await heading(page, 'Security');
        const before = await lastRun(olive);
        await page.getByRole('button', { name: 'Run checks' }).click();
        await expect
          .poll(() => lastRun(olive), { timeout: 2 * minute, interval: 1_000 })
          .not.toBe(before);
        // The page that waits for a run returns by itself.
        await heading(page, 'Security');
        expect(await statuses(olive, proved)).toEqual(
          Object.fromEntries(proved.map((id) => [id, 'Verified'])),
        );
        await look(page);

        await page.locator('#session-cookies').locator('summary').first().click();
        await look(page);
        await page
          .locator('#session-cookies')
          .getByRole('link', { name: /This claim with its observations/ })
          .click();
        await page.getByRole('heading', { level: 1 }).waitFor();
        expect(new URL(page.url()).pathname).toBe('/security/claims/session-cookies');
        await look(page);
      },
      3 * minute,
    );
  },
  // The checks measure the cost of hashes.
  { stores: onLibsql, variables: async () => ({ BCRYPT_COST: '10' }) },
);

/**
 * When the checks ran last, according to the page’s data. The page reloads itself while they run.
 */
async function lastRun({ context }: Person): Promise<string | null> {
  const answer = await context.request.get('/api/trust');
  return (await answer.json()).ranAt;
}

/** The status beside each claim. */
async function statuses({ page }: Person, claims: string[]): Promise<Record<string, string>> {
  const words = claims.map(async (id) => {
    const row = page.locator(`[id="${id}"]`);
    const word = await row
      .getByText(
        /^(Verified|Failing|Unverified|Attested|Inherited|Not done|Overdue|Not applicable)$/,
      )
      .first()
      .innerText();
    return [id, word] as const;
  });
  return Object.fromEntries(await Promise.all(words));
}
