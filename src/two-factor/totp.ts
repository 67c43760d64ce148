import { generateSecret, generateURI, verifySync } from 'otplib';
import { renderSVG } from 'uqr';

/**
 * Tolerance in seconds. RFC 6238 §5.2 recommends at most one time step of delay; the same tolerance in the other
 * direction covers a clock that is ahead.
 */
const tolerance = 30;

/** Returns a new secret: 160 random bits, base32. ASVS 6.5.4; RFC 4226 §4. */
export function newTotpSecret(): string {
  return generateSecret({ length: 20 });
}

/**
 * Returns what an authenticator app needs: the key URI, also as a QR code in SVG. A colon separates issuer and account in
 * its label, so neither contains one: apps reject such a label or misread it. Key URI Format, “Label”.
 */
export function totpEnrolment({
  secret,
  email,
  host,
}: {
  secret: string;
  email: string;
  host: string;
}): { uri: string; qr: string } {
  const uri = generateURI({
    issuer: withoutColons(`Flowcept (${host})`),
    label: withoutColons(email),
    secret,
  });
  return { uri, qr: renderSVG(uri, { border: 2 }) };
}

function withoutColons(text: string): string {
  return text.replaceAll(':', '-');
}

/**
 * Returns the time step that the code belongs to, within one step of the current time, or `null`. SHA-1, six digits, 30
 * seconds. The store ensures that each step is used only once. RFC 6238; ASVS 6.5.1, 6.5.5.
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
