import { z } from 'zod/mini';
import { conditional, publicDocument } from '../../http/conditional.ts';
import type { Services } from '../../services.ts';
import { evidence, issueEvidence } from './evidence-document.ts';

/** Documents under `/.well-known/`, for programs of third parties. RFC 8615. */

const schema = publicDocument(
  JSON.stringify(z.toJSONSchema(evidence), null, 2),
  'application/schema+json',
);
const cacheControl = 'no-cache';

export async function evidenceDocument(
  services: Pick<Services, 'trust' | 'signer' | 'clock'>,
  request: Request,
): Promise<Response> {
  return conditional(request, await issueEvidence(services), { cacheControl });
}

export function evidenceSchema(request: Request): Promise<Response> {
  return conditional(request, schema, { cacheControl });
}

/** RFC 7517 §5. */
export function keySet({ signer }: Pick<Services, 'signer'>, request: Request): Promise<Response> {
  return conditional(
    request,
    publicDocument(JSON.stringify({ keys: [signer.publicKey] }), 'application/jwk-set+json'),
    { cacheControl },
  );
}
