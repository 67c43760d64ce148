import type { Status } from '../../api/trust.ts';
import {
  claims,
  type Claim,
  type ClaimId,
  type DeploymentFacts,
  type ProofPolicy,
  type Setting,
} from '../claims/claims.ts';

/** What a reader can tell about a deployment from outside; `null` if unknown. */
export interface KnownFacts {
  secure: boolean;
  loopback: boolean;
  providers: readonly string[] | null;
  /** As the signed page says. */
  store: string;
}

/** The statuses that a claim can reach, by its kind of proof. */
const earned: Record<ProofPolicy, readonly Status[]> = {
  checks: ['verified'],
  attestation: ['attested', 'in-progress', 'overdue'],
  roadmap: ['verified', 'in-progress', 'overdue'],
  'none yet': [],
};
/** Statuses that any claim may have. */
const modest = new Set<string>(['failing', 'unverified'] satisfies Status[]);

/** Why this claim cannot have this status on such a deployment, by this verifier’s own tables; `null` if it can. */
export function impossible(id: ClaimId, status: string, known: KnownFacts): string | null {
  if (modest.has(status)) return null;
  const { policy, checks, settingOn }: Claim = claims[id];
  const settings = possible(known).map((facts) => settingOn(facts));
  if (isSetting(status))
    return settings.some((setting) => setting?.status === status)
      ? null
      : `it cannot be ${status} on a deployment like this`;
  if (!earned[policy].some((one) => one === status))
    return `${policy === 'none yet' ? 'nothing can prove it yet' : `its kind of proof is ${policy}`}, so it cannot be ${status}`;
  if (status === 'verified' && checks.length === 0)
    return 'it has no checks, so it cannot be verified';
  return settings.includes(null) ? null : `it cannot be ${status} on a deployment like this`;
}

function isSetting(status: string): status is Setting['status'] {
  return status === 'inherited' || status === 'not-applicable';
}

/** Every combination of facts that looks like this from outside. */
function possible({ secure, loopback, providers, store }: KnownFacts): DeploymentFacts[] {
  const either = [true, false];
  const stores = (['libsql', 'mongodb'] as const).filter((kind) =>
    store.toLowerCase().startsWith(kind),
  );
  const plainPorts = loopback ? either : [true];
  const signIns = providers === null ? either : [providers.length > 0];
  return (stores.length === 0 ? (['libsql', 'mongodb'] as const) : stores).flatMap((kind) =>
    (kind === 'mongodb' ? either : [false]).flatMap((atlas) =>
      plainPorts.flatMap((plainPort) =>
        signIns.flatMap((socialSignIn) =>
          either.map((vercel) => ({
            plainLoopback: loopback && !secure,
            plainPort,
            socialSignIn,
            store: kind,
            atlas,
            vercel,
          })),
        ),
      ),
    ),
  );
}
