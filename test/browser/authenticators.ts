import { generateSync } from 'otplib';
import type { Site } from './in-the-browser.ts';
import type { Person } from './person.ts';
import { member, type Account } from './steps.ts';

const second = 1_000;
const step = 30 * second;

/** The next code of the authenticator app; each is accepted once. */
export function nextCode({ clock }: Pick<Site, 'clock'>, secret: string): string {
  clock.move(step);
  return generateSync({ secret, epoch: Math.floor(clock.now().getTime() / second) });
}

/** An account with an authenticator app, created beside the browser. */
export async function withApp(
  site: Site,
  account: Account,
): Promise<{ secret: string; recoveryCodes: string[] }> {
  const program = await member(site, account);
  const { body } = await program.post('/api/factors/totp');
  const answer = await program.post('/api/factors/totp/confirm', {
    id: body.factor.id,
    code: nextCode(site, body.secret),
  });
  return { secret: body.secret, recoveryCodes: answer.body.recoveryCodes };
}

/**
 * A virtual security key of Chromium that consents to everything:
 * https://chromedevtools.github.io/devtools-protocol/tot/WebAuthn. One without a PIN verifies no
 * user until it is given one.
 */
export async function plugIn(
  { context, page }: Person,
  { withPin = true } = {},
): Promise<{ setPin(): Promise<void> }> {
  const cdp = await context.newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  const add = (hasUserVerification: boolean) =>
    cdp.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification,
        isUserVerified: hasUserVerification,
        automaticPresenceSimulation: true,
      },
    });
  const { authenticatorId } = await add(withPin);
  return {
    async setPin() {
      const { credentials } = await cdp.send('WebAuthn.getCredentials', { authenticatorId });
      await cdp.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId });
      const { authenticatorId: same } = await add(true);
      // Without a PIN, the headless build stores a passkey that the device cannot find by itself.
      for (const credential of credentials)
        await cdp.send('WebAuthn.addCredential', {
          authenticatorId: same,
          credential: { ...credential, isResidentCredential: true },
        });
    },
  };
}
