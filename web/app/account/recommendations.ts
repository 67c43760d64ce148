import type { SessionItem } from '../../../src/api/sessions.ts';
import type { FactorsView } from '../../../src/api/two-factor.ts';
import { messages } from '../messages.ts';

const t = messages.account;

export interface Facts {
  sessions: readonly SessionItem[];
  factors: FactorsView;
  now: Date;
}

export interface Recommendation {
  id: string;
  why: string;
  way: { label: string; to: '/home' | '/account'; hash: string };
}

/**
 * Only sessions with “Keep me signed in” can be unused for so long. They expire after seven days
 * without use, all others after 12 hours.
 */
const unusedAfter = 3 * 24 * 60 * 60_000;
const fewCodes = 2;
const most = 3;
const list = new Intl.ListFormat('en', { type: 'conjunction' });

/** All recommendations, most urgent first. One that does not apply returns nothing. */
const rules: readonly ((facts: Facts) => Recommendation | null)[] = [
  noSecondFactor,
  fewRecoveryCodes,
  unusedDevices,
];

/**
 * At most three recommendations that make this account safer. None means that there is nothing to
 * do.
 */
export function recommendationsFor(facts: Facts): Recommendation[] {
  return rules
    .map((rule) => rule(facts))
    .filter((found) => found !== null)
    .slice(0, most);
}

function noSecondFactor({ factors }: Facts): Recommendation | null {
  if (factors.items.length > 0) return null;
  return {
    id: 'second-factor',
    why: t.noFactor,
    way: { label: messages.factors.addPasskey, to: '/account', hash: 'factors' },
  };
}

function fewRecoveryCodes({ factors: { items, recoveryCodesLeft } }: Facts): Recommendation | null {
  if (items.length === 0 || recoveryCodesLeft > fewCodes) return null;
  return {
    id: 'recovery-codes',
    why: t.fewCodes(recoveryCodesLeft),
    way: { label: messages.factors.renew, to: '/account', hash: 'factors' },
  };
}

function unusedDevices({ sessions, now }: Facts): Recommendation | null {
  const unused = sessions.filter(
    ({ current, lastUsedAt }) => !current && now.getTime() - Date.parse(lastUsedAt) >= unusedAfter,
  );
  if (unused.length === 0) return null;
  const names = unused.map(({ device }) => (device === '' ? messages.home.unknownDevice : device));
  const devices = names.length <= 2 ? list.format(names) : t.unusedDevices(names.length);
  return {
    id: 'unused-devices',
    why: t.unused(devices, names.length),
    way: { label: t.review, to: '/home', hash: 'devices' },
  };
}
