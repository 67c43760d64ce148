import { createHash } from 'node:crypto';
import { z } from 'zod/mini';
import { statuses, trustView, type TrustView } from '../../api/trust.ts';
import { minute } from '../../clock.ts';
import { publicDocument, type Representation } from '../../http/conditional.ts';
import type { Services } from '../../services.ts';
import { keptDocument, viewDocument } from './cached-document.ts';

export const evidenceType = 'flowcept-evidence';

/** The statement that the deployment signs, kept for the rest of the minute or until the view changes. */
export const evidence = z.object({
  /** The origin of the deployment. */
  issuer: z.string(),
  /**
   * A whole minute. If it is several minutes old, a reader may be shown an earlier document instead of the current one.
   */
  issuedAt: z.iso.datetime(),
  deployment: trustView.shape.deployment,
  ranAt: trustView.shape.ranAt,
  /** SHA-256 of the body of `GET /api/trust`, in hex. */
  page: z.object({ path: z.literal('/api/trust'), sha256: z.string() }),
  /**
   * The newest entry of `GET /api/trust/history`, and the newest checkpoint; `hash` is the SHA-256 of the entry, in
   * base64url.
   */
  chain: z.pick(trustView.shape.record, { head: true, checkpoint: true }),
  claims: z.array(z.object({ id: z.string(), status: z.enum(statuses), wording: z.string() })),
});
type Evidence = z.infer<typeof evidence>;

/**
 * Identical within a whole minute while nothing changes, from every process, because Ed25519 signatures are
 * deterministic. RFC 8032.
 */
export async function issueEvidence({
  trust,
  signer,
  clock,
}: Pick<Services, 'trust' | 'signer' | 'clock'>): Promise<Representation> {
  const current = await trust.current();
  const now = clock.now();
  const issuedAt = Math.floor(now.getTime() / minute) * minute;
  return keptDocument(current, { name: 'evidence', now }, () => ({
    document: publicDocument(
      signed({
        signer,
        view: current.view,
        page: viewDocument(current, now),
        issuedAt: new Date(issuedAt),
      }),
      'application/jose',
    ),
    until: issuedAt + minute,
  }));
}

interface ToSign {
  signer: Services['signer'];
  view: TrustView;
  page: Representation;
  issuedAt: Date;
}

function signed({ signer, view, page, issuedAt }: ToSign): string {
  const { deployment, ranAt, record, claims } = view;
  const { head, checkpoint } = record;
  const said: Evidence = {
    issuer: deployment.origin,
    issuedAt: issuedAt.toISOString(),
    deployment,
    ranAt,
    page: { path: '/api/trust', sha256: digestOfPage(page.bytes) },
    chain: { head, checkpoint },
    claims: claims.map(({ id, status, wording }) => ({ id, status, wording })),
  };
  return signer.sign(evidenceType, said);
}

export function digestOfPage(body: string | Uint8Array): string {
  return createHash('sha256').update(body).digest('hex');
}
