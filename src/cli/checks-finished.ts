import type { ClaimView } from '../api/trust.ts';

/** Reports the end of a run of the checks in one sentence. */
export function checksFinished(claims: readonly Pick<ClaimView, 'status'>[]): string {
  const verified = claims.filter(({ status }) => status === 'verified').length;
  return `Checks finished: ${verified} of ${claims.length} claims verified.`;
}
