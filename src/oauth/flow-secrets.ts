import { createHash } from 'node:crypto';
import { deriveToken } from '../crypto/token.ts';
import type { FlowSecrets } from '../services.ts';

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
