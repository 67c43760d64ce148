import { providerNames } from '../api/providers.ts';
import { noticeOf } from '../audit/notice.ts';
import { securityEvent } from '../audit/security-event.ts';
import { issueChallenge, type Letter } from '../challenges/issue-challenge.ts';
import { limitCodeMail } from '../challenges/limit-code-mail.ts';
import { redeemChallenge, wrongCodesOf } from '../challenges/redeem-challenge.ts';
import type { Config } from '../config.ts';
import type { Client } from '../http/client.ts';
import { passwordRecovered } from '../mail/account-notices.ts';
import { hasNoAccount, recover } from '../mail/code-messages.ts';
import type { Account, Challenge } from '../records.ts';
import type { Services } from '../services.ts';
import { refuseGuessable } from './refuse-guessable.ts';

type Dependencies = Pick<
  Services,
  'store' | 'clock' | 'config' | 'limiter' | 'mailer' | 'passwords' | 'pepper'
>;

/**
 * Sends a code for resetting the password. If the address has no account, the response is the same and the email says
 * so. ASVS 6.3.8, 6.4.3.
 * @throws Problem `rate-limited`
 */
export async function startRecovery(
  deps: Dependencies,
  { email, client }: { email: string; client: Client },
): Promise<Challenge> {
  const { store, mailer, config } = deps;
  const account = await store.findAccountByEmail(email);
  await limitCodeMail(deps, { email, accountId: account?.id ?? null, client });
  const { challenge, mail } = issueChallenge(deps, {
    purpose: 'recover',
    email,
    subjectId: account?.id ?? null,
    letter: recoveryLetter(account !== null, config),
  });
  await store.openChallenge({ challenge, mail });
  mailer.wake();
  return challenge;
}

export function recoveryLetter(isKnown: boolean, { origin }: Pick<Config, 'origin'>): Letter {
  return isKnown
    ? { kind: 'code', write: (code) => recover({ origin, code }) }
    : { kind: 'notice', message: hasNoAccount({ origin }) };
}

interface Completion {
  id: string;
  code: string;
  password: string;
  client: Client;
}

/**
 * Resets the password with the code. Every session ends and none begins. The attempt is counted before the new password
 * is examined, and the password is hashed only for a correct code, so a response that reveals whether a code is correct
 * has always cost an attempt. Because an attacker may have exhausted them, the account’s limits for incorrect passwords
 * and second factors and for recorded changes and sign-ins are reset, and the failure streak of incorrect codes ends.
 * @throws Problem as `redeemChallenge` · `invalid-fields` for a password that is easy to guess · `unavailable`
 */
export async function completeRecovery(
  deps: Dependencies,
  { id, code, password, client }: Completion,
): Promise<void> {
  const { store, clock, limiter, mailer, passwords } = deps;
  const complete = async (owner: Account) => {
    refuseGuessable(password, owner, 'password');
    const event = securityEvent(deps, {
      action: 'password.reset',
      accountId: owner.id,
      actorId: null,
      client,
    });
    const connected = await store.listIdentities(owner.id);
    const message = passwordRecovered(connected.map(({ provider }) => providerNames[provider]));
    const notice = noticeOf(deps, { event, to: owner.email, message });
    return { passwordHash: await passwords.hash(password), notice };
  };
  const { account } = await redeemChallenge(
    deps,
    { id, purpose: 'recover', code, client },
    (codeHash) => store.redeemRecovery({ challengeId: id, codeHash, complete, now: clock.now() }),
  );
  mailer.wake();
  await limiter.reset('wrong-password', { key: account.email });
  for (const name of [
    'wrong-confirmation',
    'wrong-factor',
    'recorded-changes',
    'recorded-passwords',
    'recorded-sign-ins',
  ] as const)
    await limiter.reset(name, { key: account.id });
  await limiter.resetStreak('wrong-code', wrongCodesOf('recover', { key: account.email }));
}
