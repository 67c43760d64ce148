import { createHash } from 'node:crypto';
import { deriveToken } from '../crypto/token.ts';

/**
 * What binds an answer of a provider to the browser that asked. All of it is made of one secret that only that browser has,
 * in a cookie, so nothing of it is kept here: a copy of the database finishes nobody's sign-in. RFC 9700 §2.1, §4.7.
 */
export interface FlowSecrets {
  state: string;
  /** PKCE, RFC 7636: the verifier, and its SHA-256. */
  verifier: string;
  challenge: string;
  nonce: string;
}

export function flowSecrets(flowToken: string): FlowSecrets {
  const verifier = deriveToken(flowToken, 'verifier');
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  return {
    state: deriveToken(flowToken, 'state'),
    verifier,
    challenge,
    nonce: deriveToken(flowToken, 'nonce'),
  };
}
