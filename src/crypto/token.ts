import { createHash, createHmac, hash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { v7 } from 'uuid';
import type { Hashed } from '../records.ts';

/** Returns a new token: 256 random bits, base64url. The client gets it once; only its hash is stored. ASVS 7.2.3. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Returns a record ID that cannot be guessed: 128 random bits, base64url. */
export function newId(): string {
  return randomBytes(16).toString('base64url');
}

/**
 * Returns a record ID that sorts after those this process made before, also within a millisecond: UUID version 7,
 * RFC 9562 section 6.2. Not a secret: it contains the time.
 */
export function newOrderedId(): string {
  return v7();
}

/** Hashes a token. SHA-256 suffices for 256 random bits. */
export function hashToken(token: string): Hashed {
  return hash('sha256', token, 'base64url') as Hashed;
}

/** Derives a token for one purpose. It reveals neither the original token nor other derived ones. */
export function deriveToken(token: string, purpose: string): string {
  return createHmac('sha256', token).update(purpose).digest('base64url');
}

/** Returns six uniformly distributed random digits. ASVS 6.5.3, 6.5.4. */
export function newCode(): string {
  return randomInt(1_000_000).toString().padStart(6, '0');
}

/**
 * Hashes a code with HMAC-SHA-256 under the pepper, bound to its challenge. A code has too few digits for a plain hash.
 * Neither a copy of the database nor a code from another challenge helps an attacker. ASVS 6.5.2.
 */
export function hashCode(pepper: Buffer, challengeId: string, code: string): Hashed {
  return createHmac('sha256', pepper)
    .update(`code\u0000${challengeId}\u0000${code}`)
    .digest('base64url') as Hashed;
}

/** Returns a hash that no code matches, for a decoy challenge. */
export function hashOfNoCode(): Hashed {
  return hashToken(newToken());
}

/** Compares two secrets in time that does not depend on where they differ. */
export function sameSecret(one: string, other: string): boolean {
  return timingSafeEqual(
    createHash('sha256').update(one).digest(),
    createHash('sha256').update(other).digest(),
  );
}
