import { expect, test } from 'vitest';
import type { SessionItem } from '../../../src/api/sessions.ts';
import type { FactorsView } from '../../../src/api/two-factor.ts';
import { recommendationsFor } from './recommendations.ts';

const now = new Date('2026-11-22T14:00:00.000Z');

function session(device: string, daysUnused: number, current = false): SessionItem {
  const lastUsedAt = new Date(now.getTime() - daysUnused * 86_400_000).toISOString();
  return {
    id: device,
    current,
    device,
    address: '192.0.2.1',
    method: 'password',
    deviceFirstUsedAt: lastUsedAt,
    createdAt: lastUsedAt,
    lastUsedAt,
    expiresAt: lastUsedAt,
  };
}

const passkey = {
  id: 'p',
  type: 'passkey',
  name: 'Passkey',
  createdAt: now.toISOString(),
  lastUsedAt: null,
  signsInAlone: true,
} as const;
const safe = { items: [passkey], recoveryCodesLeft: 10, recovery: null };
const why = (...sessions: SessionItem[]) =>
  recommendationsFor({ sessions, factors: safe, now }).map((one) => one.why);
const pressing = (factors: FactorsView) =>
  recommendationsFor({ sessions: [session('Firefox', 9)], factors, now }).map((one) => one.id);

test('recommends a second factor first, and new recovery codes before the last one is used', () => {
  expect(pressing({ items: [], recoveryCodesLeft: 0, recovery: null })).toEqual([
    'second-factor',
    'unused-devices',
  ]);
  expect(pressing({ items: [passkey], recoveryCodesLeft: 2, recovery: null })).toEqual([
    'recovery-codes',
    'unused-devices',
  ]);
  expect(pressing({ items: [passkey], recoveryCodesLeft: 3, recovery: null })).toEqual([
    'unused-devices',
  ]);
});

test('recommends nothing about devices while every device is in use', () => {
  expect(why(session('Chrome on Linux', 0, true), session('Safari on iPhone', 2.9))).toEqual([]);
});

test('names the devices that have not been used for three days', () => {
  expect(why(session('Chrome on Linux', 0, true), session('Safari on iPhone', 3))).toEqual([
    expect.stringMatching(/^Safari on iPhone is signed in but hasn’t been used/),
  ]);
  expect(why(session('Firefox', 9), session('', 30))).toEqual([
    expect.stringMatching(/^Firefox and Unknown device are signed in/),
  ]);
});

test('gives the number of unused devices when there are many', () => {
  expect(why(session('a', 9), session('b', 9), session('c', 9))).toEqual([
    expect.stringMatching(/^3 devices are signed in but haven’t been used/),
  ]);
});

test('never recommends signing out the current device', () => {
  expect(why(session('Chrome on Linux', 30, true))).toEqual([]);
});
