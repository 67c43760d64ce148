import { expect, test } from 'vitest';
import { undoDays } from '../api/durations.ts';
import * as accountNotices from './account-notices.ts';
import * as factorNotices from './factor-notices.ts';
import type { Message } from './layout.ts';
import type { Happened, NoticeContext } from './notice-parts.ts';
import * as operatorNotices from './operator-notices.ts';

const happened: Happened = {
  at: new Date(0),
  device: 'Firefox on Linux',
  address: '192.0.2.1',
};
const context: NoticeContext = {
  origin: 'https://example.org',
  undo: 'https://example.org/undo#token=x',
  isLast: false,
};

const notices: Record<string, (happened: Happened, context: NoticeContext) => Message> = {
  newDevice: accountNotices.newDevice,
  outdatedDevice: accountNotices.outdatedDevice,
  emailChanged: accountNotices.emailChanged,
  accountClosing: accountNotices.accountClosing,
  passwordChanged: accountNotices.passwordChanged,
  passwordRecovered: accountNotices.passwordRecovered(['Google']),
  providerConnected: accountNotices.providerConnected('Google'),
  providerDisconnected: accountNotices.providerDisconnected('Google'),
  factorAdded: factorNotices.factorAdded('passkey'),
  factorRemoved: factorNotices.factorRemoved('totp'),
  recoveryCodesRenewed: factorNotices.recoveryCodesRenewed,
  recoveryCodeUsed: factorNotices.recoveryCodeUsed,
  factorsToGo: factorNotices.factorsToGo(new Date(0)),
  factorRecoveryStopped: factorNotices.factorRecoveryStopped,
  factorsRecovered: factorNotices.factorsRecovered,
  operatorGranted: operatorNotices.operatorGranted,
  operatorWithdrawn: operatorNotices.operatorWithdrawn,
  signedOutByOperator: operatorNotices.signedOutByOperator,
};

const sentencesOf = (text: string) => text.split(/(?<=\.) /);

test.each(Object.entries(notices))(
  '%s says in at most three short sentences what its link does and when it expires',
  (_, notice) => {
    const { text, html } = notice(happened, context);
    const [, afterLink = ''] = text.trimEnd().split(`${context.undo}\n\n`);
    expect(sentencesOf(afterLink).length).toBeLessThanOrEqual(3);
    expect(afterLink).toContain(`${undoDays} days`);
    expect(html).toContain(afterLink);
    expect(text).toContain('Time: January 1, 1970 at 12:00 AM UTC');
  },
);

test.each(Object.entries(notices))(
  '%s says once what to do if the account owner expected it',
  (_, notice) => {
    const { text } = notice(happened, context);
    expect(
      text.match(/If (it was you|this was you|you started|you weren’t expecting)/g),
    ).toHaveLength(1);
  },
);

test('a notice names the device and the IP address', () => {
  expect(accountNotices.newDevice(happened, context).text).toContain(
    'Device: Firefox on Linux · IP address: 192.0.2.1',
  );
});

test.each(Object.entries(notices))('%s says if no more of its kind follow for now', (_, notice) => {
  const sentence = 'won’t do so again for up to an hour';
  expect(notice(happened, context).text).not.toContain(sentence);
  const last = notice(happened, { ...context, isLast: true });
  expect(last.text).toContain(sentence);
  expect(last.html).toContain(sentence);
});
