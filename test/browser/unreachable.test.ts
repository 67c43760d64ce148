import { expect, test } from 'vitest';
import { onLibsql } from '../on-both-stores.ts';
import { inTheBrowser } from './in-the-browser.ts';
import { look } from './look.ts';
import type { Person } from './person.ts';
import { account, heading, join } from './steps.ts';

interface Outage {
  begin(person: Person): Promise<unknown>;
  end(person: Person): Promise<unknown>;
}

const outages: Record<string, Outage> = {
  'the browser is offline': {
    begin: ({ context }) => context.setOffline(true),
    end: ({ context }) => context.setOffline(false),
  },
  'the server is down': {
    begin: ({ context }) => context.route('**', (route) => route.abort('connectionrefused')),
    end: ({ context }) => context.unroute('**'),
  },
};

inTheBrowser(
  'without an answer from the server',
  ({ person }) => {
    test.each(Object.keys(outages))(
      'a screen that is not loaded yet says so while %s, and is shown afterwards',
      async (outage) => {
        const ada = await person();
        const { page } = ada;
        await join(ada, account(`Ada ${outage.length}`.replace(' ', '')));
        await outages[outage]?.begin(ada);
        await page.getByRole('navigation').getByRole('link', { name: 'Account' }).click();
        await heading(page, 'Couldn’t load this page');
        await page.getByRole('button', { name: 'Try again' }).click();
        await heading(page, 'Couldn’t load this page');
        await outages[outage]?.end(ada);
        await heading(page, 'Account settings');
        ada.faults.length = 0;
      },
    );

    test.each(Object.keys(outages))(
      'what is out of date is not called good while %s, and is loaded again afterwards',
      async (outage) => {
        const bob = await person();
        const { page } = bob;
        await join(bob, account(`Bob ${outage.length}`.replace(' ', '')));
        await page.goto('/account');
        const section = page.getByRole('region', { name: 'Account security' });
        const advice = section.getByText('Your account has no second factor.');
        await advice.waitFor();
        await outages[outage]?.begin(bob);
        await page.evaluate(() => window.dispatchEvent(new Event('visibilitychange')));
        await section.getByRole('alert').waitFor();
        expect(await advice.count()).toBe(0);
        await look(page);
        await outages[outage]?.end(bob);
        await advice.waitFor();
        expect(await section.getByRole('alert').count()).toBe(0);
        bob.faults.length = 0;
      },
    );
  },
  { stores: onLibsql },
);
