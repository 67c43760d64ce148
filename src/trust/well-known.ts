import { z } from 'zod/mini';
import { conditional, representation } from '../http/conditional.ts';
import type { Services } from '../services.ts';
import { evidence, issueEvidence } from './evidence.ts';

/** What strangers' programs look for under `/.well-known/`. RFC 8615. */

const schema = JSON.stringify(z.toJSONSchema(evidence), null, 2);

export async function evidenceDocument(services: Pick<Services, 'trust' | 'signer' | 'clock'>, request: Request): Promise<Response> {
  return document(request, await issueEvidence(services), 'application/jose');
}

export function evidenceSchema(request: Request): Response {
  return document(request, schema, 'application/schema+json');
}

/** RFC 7517 §5. */
export function keySet({ signer }: Pick<Services, 'signer'>, request: Request): Response {
  return document(request, JSON.stringify({ keys: [signer.publicKey] }), 'application/jwk-set+json');
}

function document(request: Request, text: string, type: string): Response {
  return conditional(request, representation(new TextEncoder().encode(text), type), 'no-cache');
}
