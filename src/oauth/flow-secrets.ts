import { createHash } from 'node:crypto';
import type { Cookie } from '../cookies.ts';
import { deriveToken } from '../crypto/token.ts';
import type { FlowSecrets } from '../services.ts';

/** Each attempt has a cookie of its own, so that attempts in several tabs do not affect each other. */
export function flowCookieName(flowToken: string): Cookie['name'] {
  return `flowcept-flow-${deriveToken(flowToken, 'cookie').slice(0, 8)}`;
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
