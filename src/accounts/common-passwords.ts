import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { packageRoot } from '../package-root.ts';

let list: string | undefined;

/**
 * The list is one string, searched linearly: a search takes a fraction of a millisecond, and sixty thousand separate
 * strings would take megabytes.
 */
function commonPasswords(): string {
  list ??= gunzipSync(
    readFileSync(join(packageRoot, 'assets', 'common-passwords.txt.gz')),
  ).toString('latin1');
  return list;
}

/**
 * Whether the password is common in known breaches, or repeats a common one (`password password password`). ASVS 6.2.4,
 * 6.2.12; NIST SP 800-63B-4 §3.1.1.2.
 */
export function isCommon(password: string): boolean {
  const folded = password.toLowerCase();
  const plain = folded.replaceAll(/[^a-z0-9]/g, '');
  return [folded, plain, unitOf(plain)].some(
    (candidate) =>
      candidate !== '' &&
      !candidate.includes('\n') &&
      commonPasswords().includes(`\n${candidate}\n`),
  );
}

/** Returns the shortest string that makes up the text by repetition. */
function unitOf(text: string): string {
  return text.slice(0, `${text}${text}`.indexOf(text, 1));
}
