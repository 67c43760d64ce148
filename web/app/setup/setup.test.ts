import { expect, test } from 'vitest';
import type { SettingItem } from '../../../src/api/operators.ts';
import { setupSteps, type SetupFacts } from './setup.ts';

const setting = (
  name: string,
  value: string | null,
  origin: SettingItem['origin'] = 'environment',
): SettingItem => ({ name, value, redacted: false, origin });

const fresh: SetupFacts = {
  origin: 'http://localhost:3000',
  settings: [setting('SMTP_URL', null, 'sandbox'), setting('FLOWCEPT_KEYS', null, 'default')],
  mail: { hasSent: false, stuck: null },
  operators: 1,
};
const live: SetupFacts = {
  origin: 'https://app.example.org',
  settings: [
    setting('SMTP_URL', 'smtps://mail.example.org'),
    setting('FLOWCEPT_KEYS', 'k1'),
    setting('GOOGLE_CLIENT_ID', 'set'),
  ],
  mail: { hasSent: true, stuck: null },
  operators: 2,
};

const states = (facts: SetupFacts) =>
  Object.fromEntries(setupSteps(facts).map(({ id, state }) => [id, state]));
const textOf = (facts: SetupFacts, wanted: string) =>
  setupSteps(facts).find(({ id }) => id === wanted)?.text;

test('a first start leaves most steps open', () => {
  expect(states(fresh)).toEqual({
    url: 'open',
    mail: 'open',
    keys: 'unseen',
    google: 'unseen',
    operator: 'open',
  });
});

test('a deployment that others rely on has no open steps but those that the server cannot see', () => {
  expect(states(live)).toEqual({
    url: 'done',
    mail: 'done',
    keys: 'unseen',
    google: 'done',
    operator: 'done',
  });
});

test('the email step is done once one email was delivered, open with the reason while one is stuck, and otherwise unknown', () => {
  expect(states({ ...live, mail: { hasSent: false, stuck: null } })['mail']).toBe('unseen');
  const stuck = { ...live, mail: { hasSent: true, stuck: 'The server did not answer.' } };
  expect([states(stuck)['mail'], textOf(stuck, 'mail')]).toEqual([
    'open',
    expect.stringContaining('The server did not answer.'),
  ]);
});

test('mock Google does not complete the Google step', () => {
  expect(
    states({ ...live, settings: [setting('GOOGLE_CLIENT_ID', null, 'sandbox')] })['google'],
  ).toBe('open');
});

test('the key step names where the keys are stored', () => {
  expect(textOf(live, 'keys')).toContain('FLOWCEPT_KEYS');
  expect(textOf(fresh, 'keys')).toContain('flowcept.keys');
});

test('the key step names the three files that a restore needs, and what is kept apart', () => {
  expect(textOf(fresh, 'keys')).toMatch(
    /`flowcept\.db` together with `flowcept\.db\.key`, .*`flowcept\.keys` in a different place/,
  );
});
