import { createHmac } from 'node:crypto';
import bcrypt from '@node-rs/bcrypt';
import type { PasswordHash } from '../records.ts';
import type { Passwords } from '../services.ts';
import type { HashQueue } from './hash-queue.ts';

const scheme = 'hmac-sha384:';

/**
 * bcrypt over HMAC-SHA-384 keyed with the pepper. The MAC is 48 bytes (64 in base64), so bcrypt’s 72-byte limit is
 * never reached. Without the pepper, an attacker cannot crack hashes from a copy of the database. ASVS 6.2.8, 6.2.9,
 * 11.4.2; NIST SP 800-63B-4 §3.1.1.2.
 */
export function makePasswords({
  pepper,
  cost,
  queue,
}: {
  pepper: Buffer;
  cost: number;
  queue: HashQueue;
}): Passwords {
  const hashForNoAccount = hashOfNoAccount(cost);
  const prepare = (password: string) =>
    createHmac('sha384', pepper).update(password, 'utf8').digest('base64');

  const of = (network: string): Passwords => ({
    of,
    admit: (work) => queue.admit(network, work),
    hash: (password) =>
      queue.run(
        network,
        async () => `${scheme}${await bcrypt.hash(prepare(password), cost)}` as PasswordHash,
      ),
    verify: (password, hash) =>
      queue.run(network, async () => {
        const stored = hash?.slice(scheme.length) ?? hashForNoAccount;
        const right = await bcrypt.verify(prepare(password), stored);
        await makeUpFor(costOf(stored), cost);
        return right && password.isWellFormed();
      }),
    isOutdated: (hash) => costOf(hash.slice(scheme.length)) !== cost,
  });
  return of('');
}

/**
 * Makes verifying an older, cheaper hash take as long as verifying a current one: 2^c + 2^c + 2^(c+1) + … + 2^(cost-1)
 * = 2^cost.
 */
async function makeUpFor(spent: number, cost: number): Promise<void> {
  for (let missing = spent; missing < cost; missing += 1)
    await bcrypt.verify('', hashOfNoAccount(missing));
}

function costOf(stored: string): number {
  return Number(stored.slice(4, 6));
}

/** Returns a well-formed hash that no password matches: no key yields these last characters for this salt. */
function hashOfNoAccount(cost: number): string {
  return `$2b$${String(cost).padStart(2, '0')}$${'.'.repeat(53)}`;
}
