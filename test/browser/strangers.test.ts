import { expect, test, vi } from 'vitest';
import { onLibsql } from '../on-both-stores.ts';
import { inTheBrowser } from './in-the-browser.ts';
import { look } from './look.ts';
import type { Person } from './person.ts';
import { heading } from './steps.ts';

inTheBrowser(
  'pages for strangers',
  ({ site, person }) => {
    test.each([
      ['/', /Accounts/],
      ['/security', 'Security'],
      ['/security/claims/session-cookies', /./],
      ['/docs', 'API reference'],
      ['/sandbox/mailbox', 'Sandbox mailbox'],
    ])('%s is complete without JavaScript, and accessible', async (path, title) => {
      const { page } = await person({ javaScriptEnabled: false });
      await page.goto(path);
      await heading(page, title);
      await expectFrame(page);

      const scripted = await person();
      await scripted.page.goto(path);
      expect(await scripted.page.locator('script').count()).toBe(0);
      await look(scripted.page);
    });

    test.each([
      '/sign-in?problem=zzz&provider=google',
      '/sign-in?problem=constructor&provider=google',
      '/sign-in?problem=expired&provider=__proto__',
      '/sign-in?notice=toString',
      '/sign-in?to=%7B%7D&purpose=1',
    ])('an invented link, %s, shows the sign-in form', async (link) => {
      const { page } = await person();
      await page.goto(link);
      await page.getByRole('textbox', { name: 'Email' }).waitFor();
      await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
      expect(await page.getByText('Something went wrong').count()).toBe(0);
    });

    test('an unknown path shows an error page that leads home', () =>
      withoutAndWithScripts(async (person) => {
        const { page } = person;
        person.expects('404 GET /nowhere');
        await page.goto('/nowhere');
        await page.getByRole('heading', { level: 1 }).waitFor();
        await page
          .getByText(/Request ID/)
          .first()
          .waitFor();
        await lookIfScripted(person);
        await page.getByRole('main').getByRole('link').first().click();
        await heading(page, /Accounts/);
      }));

    test('another host name is refused by a page that names both hosts', () =>
      withoutAndWithScripts(async (person) => {
        const { page } = person;
        const wrong = new URL(site().origin.replace('localhost', '127.0.0.1'));
        person.expects('421 GET /');
        await page.goto(wrong.href);
        await heading(page, 'This server uses a different address');
        expect(await page.getByRole('main').innerText()).toContain(wrong.host);
        await lookIfScripted(person);
        await page.getByRole('link', { name: site().origin }).click();
        await heading(page, /Accounts/);
      }));

    test('an internal error shows a page with the request ID that the log has', () =>
      withoutAndWithScripts(async (person) => {
        const { page } = person;
        person.expects('500 GET /');
        vi.spyOn(site().services.store, 'hasOperator').mockRejectedValueOnce(
          new Error('the disk is on fire'),
        );
        await page.goto('/');
        const text = await page.getByRole('main').innerText();
        expect(text).not.toContain('fire');
        const reference = /Request ID:?\s+([\w-]+)/.exec(text)?.[1] ?? 'none';
        expect(
          site()
            .logLines()
            .filter((line) => line.includes(reference) && line.includes('the disk is on fire')),
        ).toHaveLength(1);
        await lookIfScripted(person);
      }));

    test('a screen that needs JavaScript says so without it', async () => {
      const { page } = await person({ javaScriptEnabled: false });
      await page.goto('/sign-up');
      await heading(page, 'This part of Flowcept needs JavaScript');
      // HTML allows no main element within noscript.
      expect(await page.locator('noscript main').count()).toBe(0);
      await page.getByRole('main').getByRole('link', { name: 'Open the security page' }).click();
      await heading(page, 'Security');
    });

    test('an unknown path within the app shows an error page', async () => {
      const { page } = await person();
      await page.goto('/sign-up');
      await heading(page, 'Create your account');
      await page.evaluate(() => history.pushState(null, '', '/sign-up/elsewhere'));
      await page.evaluate(() => dispatchEvent(new PopStateEvent('popstate')));
      await heading(page, 'Page not found');
      await look(page);
    });

    test('injected markup neither runs nor changes the style of a page, and is reported', async () => {
      const ada = await person();
      await ada.page.route('/', async (route) => {
        const response = await route.fetch();
        const body = (await response.text()).replace(
          '</main>',
          '<script>document.title = "taken"</script><p style="color: red">x</p></main>',
        );
        await route.fulfill({ response, body });
      });
      await ada.page.goto('/');
      await heading(ada.page, /Accounts/);
      expect(await ada.page.title()).not.toBe('taken');
      await expect.poll(() => ada.faults.splice(0).join('\n')).toMatch(/Content Security Policy/);
      ada.faults.length = 0;
    });

    async function withoutAndWithScripts(visit: (person: Person) => Promise<void>): Promise<void> {
      await visit(await person({ javaScriptEnabled: false }));
      await visit(await person());
    }
  },
  { stores: onLibsql },
);

/** axe is a script. */
async function lookIfScripted({ page, scripts }: Person): Promise<void> {
  if (scripts) await look(page);
}

async function expectFrame(page: Person['page']): Promise<void> {
  await page.getByRole('banner').waitFor();
  await page.getByRole('main').waitFor();
  await page.getByRole('contentinfo').waitFor();
}
