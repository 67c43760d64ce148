import { generateSecret, generateURI, verifySync } from 'otplib';
import { renderSVG } from 'uqr';

/** Seconds: RFC 6238 §5.2 wants at most one step of delay; the other way lies a clock that is ahead. */
const tolerance = 30;

/** 160 random bits, base32. ASVS 6.5.4; RFC 4226 §4. */
export function newTotpSecret(): string {
  return generateSecret({ length: 20 });
}

/** What an authenticator app takes: the key URI, and the same as a QR code in SVG. */
export function totpEnrolment({
  secret,
  email,
  host,
}: {
  secret: string;
  email: string;
  host: string;
}): { uri: string; qr: string } {
  const uri = generateURI({ issuer: `Flowcept (${host})`, label: email, secret });
  return { uri, qr: renderSVG(uri, { border: 2 }) };
}

/**
 * The time step of which this is the code, within one step of now; `null` when it is none. SHA-1, six digits, 30 seconds.
 * Each step counts once: that is for the store to see. RFC 6238; ASVS 6.5.1, 6.5.5.
 */
export function totpStep({
  secret,
  code,
  now,
}: {
  secret: string;
  code: string;
  now: Date;
}): number | null {
  const result = verifySync({
    secret,
    token: code,
    epoch: Math.floor(now.getTime() / 1000),
    epochTolerance: tolerance,
  });
  return result.valid && 'timeStep' in result ? result.timeStep : null;
}
