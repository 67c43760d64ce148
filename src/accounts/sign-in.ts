import { tellOfGuesses } from '../audit/tell-of-guesses.ts';
import type { Client } from '../http/client.ts';
import { Problem } from '../problems.ts';
import { countedAs } from '../ratelimit/counted-as.ts';
import type { Account, PasswordHash } from '../records.ts';
import type { Services } from '../services.ts';
import { beginSession, type Entry } from '../sessions/begin-session.ts';
import { refuseUnverified } from './refuse-unverified.ts';

type Dependencies = Pick<
  Services,
  'store' | 'clock' | 'config' | 'limiter' | 'log' | 'mailer' | 'passwords' | 'pepper'
>;
interface Presented {
  email: string;
  password: string;
  stay: boolean;
  client: Client;
}

/**
 * Signs in with a password. An unknown address, an incorrect password and an account without a password get the same
 * response after the same work: one hash, or two while a sign-up for the address is pending. The attempt is counted
 * before hashing, so that parallel requests cannot exceed the limit. `factor-due` means that the user must still give a
 * second factor and is not signed in. ASVS 6.3.1, 6.3.3, 6.3.8.
 * @throws Problem `wrong-credentials` · `email-unverified` with `challenge` · `rate-limited` · `unavailable`
 */
export async function signIn(
  deps: Dependencies,
  { email, password, stay, client }: Presented,
): Promise<{ account: Account; entry: Entry }> {
  const { store, clock, limiter, passwords } = deps;
  const account = await store.findAccountByEmail(email);
  const subject = await countedAs(deps, { email, accountId: account?.id ?? null, client });
  await limiter.consume('wrong-password', subject).catch((error: unknown) => {
    if (account) tellOfGuesses(deps, { email: account.email, at: 'password' });
    throw error;
  });

  const signUp = await store.newestSignUp(email, clock.now());
  const isTheirs = await passwords
    .verify(password, account?.passwordHash ?? null)
    .catch(async (busy: unknown) => {
      // The queue was full and nothing was compared, so this was not a guess.
      await limiter.refund('wrong-password', subject);
      throw busy;
    });
  const isOfSignUp = signUp !== null && (await passwords.verify(password, signUp.passwordHash));

  if (account && isTheirs) {
    await limiter.reset('wrong-password', subject);
    const provenHash = await keepHashCurrent(deps, account, password);
    const entry = await beginSession(deps, {
      account,
      method: 'password',
      stay,
      provenHash,
      provenIssuer: null,
      provenSubject: null,
      factor: 'ask',
      client,
    });
    return { account, entry };
  }
  if (!signUp || !isOfSignUp) throw new Problem('wrong-credentials');
  await limiter.refund('wrong-password', subject);
  return refuseUnverified(deps, { signUp, accountId: account?.id ?? null, client });
}

/**
 * Rehashes the password at the current cost, because it is only known during sign-in. Returns the hash that is stored
 * afterwards.
 */
async function keepHashCurrent(
  { store, passwords }: Dependencies,
  { id, passwordHash }: Account,
  password: string,
): Promise<PasswordHash | null> {
  if (!passwordHash || !passwords.isOutdated(passwordHash)) return passwordHash;
  const to = await passwords.hash(password);
  return (await store.replacePasswordHash({ accountId: id, from: passwordHash, to }))
    ? to
    : passwordHash;
}
