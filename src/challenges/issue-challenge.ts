import { addMs } from '../clock.ts';
import { hashCode, hashOfNoCode, newCode, newId } from '../crypto/token.ts';
import type { Message } from '../mail/layout.ts';
import type { Challenge, ChallengePurpose, QueuedMail } from '../records.ts';
import type { Services } from '../services.ts';
import { attempts, codeLifetime } from './code-lifetime.ts';

/**
 * The email sent with a challenge. `code`: a message that contains the code. `notice`: the challenge is a decoy without
 * a correct code, and the address gets this message instead. A client cannot tell the two apart. ASVS 6.3.8.
 */
export type Letter =
  | { kind: 'code'; write: (code: string) => Message }
  | { kind: 'notice'; message: Message };

interface Issue {
  purpose: ChallengePurpose;
  email: string;
  subjectId: string | null;
  letter: Letter;
}

/**
 * Creates a challenge and its email without storing them. The caller stores both together with the record they belong
 * to.
 */
export function issueChallenge(
  { clock, pepper, mailer }: Pick<Services, 'clock' | 'pepper' | 'mailer'>,
  { purpose, email, subjectId, letter }: Issue,
): { challenge: Challenge; mail: QueuedMail } {
  const now = clock.now();
  const id = newId();
  const expiresAt = addMs(now, codeLifetime);
  const { codeHash, message } = writeLetter(pepper, id, letter);
  return {
    challenge: {
      id,
      purpose,
      email,
      subjectId,
      codeHash,
      attemptsLeft: attempts,
      sentAt: now,
      expiresAt,
      endedAt: null,
    },
    mail: mailer.compose({ to: email, message, challengeId: id, expiresAt }),
  };
}

/** Does the same work for both kinds, so that the response time does not reveal which one it was. */
export function writeLetter(pepper: Buffer, challengeId: string, letter: Letter) {
  const code = newCode();
  const codeHash = hashCode(pepper, challengeId, code);
  return letter.kind === 'code'
    ? { codeHash, message: letter.write(code) }
    : { codeHash: hashOfNoCode(), message: letter.message };
}
