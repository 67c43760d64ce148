import { expect, it } from 'vitest';
import { inTheBrowser } from './in-the-browser.ts';
import { look } from './look.ts';
import type { Person } from './person.ts';
import { account, heading, join, signIn } from './steps.ts';

/** Says at the practice provider who one is there. */
async function beThere({ page }: Person, provider: string, { name, email, verified = true }: { name: string; email: string; verified?: boolean }): Promise<void> {
  await heading(page, `Practice ${provider}`);
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('E-mail', { exact: true }).fill(email);
  if (!verified) await page.getByLabel(`${provider} has proved this address`).uncheck();
  await page.getByRole('button', { name: 'Agree and go on' }).click();
}

inTheBrowser('signing in with Google and GitHub', ({ person }) => {
  for (const provider of ['Google', 'GitHub']) {
    it(`makes an account by ${provider} from the page for new people, and signs in with it`, async () => {
      const ada = await person();
      await ada.page.goto('/sign-up');
      await ada.page.getByRole('link', { name: `Continue with ${provider}` }).click();
      await look(ada.page);
      await beThere(ada, provider, { name: 'Ada', email: `ada@${provider.toLowerCase()}.test` });
      await heading(ada.page, 'Hello, Ada');
      await ada.page.getByText(`Signed in with ${provider}`).waitFor();
      await ada.page.goto('/account');
      await ada.page.getByText('This account has none').waitFor();
      await look(ada.page);

      const later = await person();
      await later.page.goto('/sign-in?to=/activity');
      await later.page.getByRole('link', { name: `Continue with ${provider}` }).click();
      await beThere(later, provider, { name: 'Whoever', email: `ada@${provider.toLowerCase()}.test` });
      await heading(later.page, 'Your activity');
    });
  }

  it('sends somebody whose address has an account to sign in and to join there; then both ways lead in', async () => {
    const grace = await person();
    const who = account('Grace');
    await join(grace, who);
    const elsewhere = await person();
    await elsewhere.page.goto('/sign-in');
    await look(elsewhere.page);
    await elsewhere.page.getByRole('link', { name: 'Continue with Google' }).click();
    await beThere(elsewhere, 'Google', { name: 'Grace', email: who.email });
    await elsewhere.page.getByText('There is an account with this address already').waitFor();
    await look(elsewhere.page);
    await signIn(elsewhere, who);
    await elsewhere.page.goto('/account');
    await elsewhere.page.getByRole('button', { name: 'Join Google' }).click();
    await beThere(elsewhere, 'Google', { name: 'Grace', email: 'grace@google.test' });
    await elsewhere.page.getByRole('heading', { level: 3, name: 'Google' }).waitFor();
    await look(elsewhere.page);

    const third = await person();
    await third.page.goto('/sign-in');
    await third.page.getByRole('link', { name: 'Continue with Google' }).click();
    await beThere(third, 'Google', { name: 'G', email: 'grace@google.test' });
    await heading(third.page, 'Hello, Grace');

    await elsewhere.page.getByRole('button', { name: 'Drop Google' }).click();
    await elsewhere.page.getByText('Google is dropped, and all other sessions have ended.').waitFor();
    await elsewhere.page.getByRole('button', { name: 'Join Google' }).waitFor();
  });

  it('says what went wrong, and begins again with one press', async () => {
    const linus = await person();
    const { page } = linus;
    await page.goto('/sign-in?to=/activity');
    await page.getByRole('link', { name: 'Continue with GitHub' }).click();
    await page.getByRole('button', { name: 'Refuse and go back' }).click();
    await page.getByText('You did not agree at GitHub').waitFor();
    await page.getByRole('link', { name: 'Try again' }).click();
    await beThere(linus, 'GitHub', { name: 'Linus', email: 'linus@github.test', verified: false });
    await page.getByText('GitHub has not proved your address').waitFor();
    await page.getByRole('link', { name: 'Try again' }).click();
    await beThere(linus, 'GitHub', { name: 'Linus', email: 'linus@github.test' });
    await heading(page, 'Your activity');
  });

  it('asks for the password in place when the proof is old, and goes on with what was wanted', async () => {
    const barbara = await person();
    const who = account('Barbara');
    await join(barbara, who);
    const { page } = barbara;
    await page.clock.install({ time: Date.now() + 10 * 60_000 });
    await page.goto('/account');
    await page.getByRole('button', { name: 'Join GitHub' }).click();
    await page.getByRole('heading', { level: 3, name: 'Show that it is you' }).waitFor();
    await look(page);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('prove');
    const proof = page.getByRole('region', { name: 'Show that it is you' });
    await proof.getByLabel('Password', { exact: true }).fill(who.password);
    await proof.getByRole('button', { name: 'Go on' }).click();
    await heading(page, 'Practice GitHub');
  });
});
