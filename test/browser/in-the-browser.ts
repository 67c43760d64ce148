import { chromium as playwright, type Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, inject } from 'vitest';
import type { Config } from '../../src/config.ts';
import { listen, type Listening } from '../../src/server/listen.ts';
import { cheapHashes, deploy, type TestDeployment } from '../deployment.ts';
import { freePort } from '../free-port.ts';
import { onBothStores, type MakeDatabase } from '../on-both-stores.ts';
import { spareLooks } from './look.ts';
import { Person, type PersonOptions } from './person.ts';

export interface Site extends TestDeployment {
  origin: string;
}

/** What a browser test receives. Both exist only while its tests run. */
export interface Stage {
  site(): Site;
  /** A user with a browser context of their own, without cookies or storage. */
  person(options?: PersonOptions): Promise<Person>;
}

interface SiteOptions {
  /** Further settings of the test deployment, evaluated once before the site starts. */
  variables?: () => Promise<Record<string, string>>;
  /** The stores to run on: both, unless the test involves no store. */
  stores?: typeof onBothStores;
}

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const chromium = inject('chromium');

/** Runs the same tests in the browser on each store, each served on a port of its own. */
export function inTheBrowser(
  title: string,
  story: (stage: Stage, store: 'libSQL' | 'MongoDB') => void,
  options: SiteOptions = {},
): void {
  (options.stores ?? onBothStores)(`${title} in the browser`, (database, store) => {
    describe.skipIf(chromium === null)('Chromium', () =>
      story(stage(database, store, options), store),
    );
  });
}

/** A test fails if any request, script or log entry on any of its pages fails unexpectedly. */
function stage(
  database: MakeDatabase,
  store: 'libSQL' | 'MongoDB',
  { variables = async () => ({}) }: SiteOptions = {},
): Stage {
  let browser: Browser | undefined;
  let site: Site | undefined;
  let close: (() => Promise<void>) | undefined;
  let people: Person[] = [];

  beforeAll(async () => {
    browser = await openBrowser();
    const given = await variables();
    ({ site, close } = await openSite(database, given, { changes: cheapHashes(given) }));
  });
  afterEach(async () => {
    const faults = people.flatMap((person) => person.faults);
    await Promise.all(people.map((person) => person.leave()));
    people = [];
    expect(faults).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await close?.();
  });

  const there = <Thing>(thing: Thing | undefined): Thing => {
    if (thing === undefined) throw new Error('The stage is there only while tests run.');
    return thing;
  };
  return {
    site: () => there(site),
    async person(options) {
      const person = await Person.arrive(there(browser), there(site).origin, options);
      if (store !== 'libSQL') spareLooks(person.context);
      people.push(person);
      return person;
    },
  };
}

export function openBrowser(): Promise<Browser> {
  return playwright.launch({ executablePath: chromium ?? '', headless: true, args: flags });
}

/** A deployment that browsers can reach. Its checks can be run, but have no schedule. */
export async function openSite(
  database: MakeDatabase,
  variables: Record<string, string> = {},
  { wantedPort, changes }: { wantedPort?: number; changes?: Partial<Config> } = {},
): Promise<{ site: Site; close(): Promise<void> }> {
  const port = await freePort(wantedPort);
  const deployment = await deploy(database, { PORT: `${port}`, ...variables }, changes);
  const listening: Listening = await listen(
    deployment.app,
    deployment.config,
    deployment.services.log,
  );
  return {
    site: { ...deployment, origin: deployment.config.origin },
    async close() {
      await listening.close(1_000);
      await deployment.services.trust.stop();
      await deployment.stop();
    },
  };
}
