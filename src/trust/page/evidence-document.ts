import { createHash } from 'node:crypto';
import { z } from 'zod/mini';
import { statuses, trustView, type TrustView } from '../../api/trust.ts';
import { publicDocument, type Representation } from '../../http/conditional.ts';
import type { Services } from '../../services.ts';
import { keptDocument, viewDocument } from './cached-document.ts';

export const evidenceType = 'flowcept-evidence';
const minute = 60_000;

/** What the deployment puts its name to, once a minute. */
export const evidence = z.object({
  /** The origin that it speaks for. */
  issuer: z.string(),
  /** A whole minute. Older than a few of them, somebody keeps an earlier document in front of the one of now. */
  issuedAt: z.iso.datetime(),
  deployment: trustView.shape.deployment,
  ranAt: trustView.shape.ranAt,
  /** SHA-256 of the body of `GET /api/trust`, hex. */
  page: z.object({ path: z.literal('/api/trust'), sha256: z.string() }),
  /** The newest link of `GET /api/trust/history`, and the newest checkpoint of the chain; `hash` is the SHA-256 of the link, base64url. */
  chain: z.pick(trustView.shape.record, { head: true, checkpoint: true }),
  claims: z.array(z.object({ id: z.string(), status: z.enum(statuses), wording: z.string() })),
});
type Evidence = z.infer<typeof evidence>;

/** The same for a whole minute while nothing changes, from every process: Ed25519 signs the same in the same way. RFC 8032. */
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
