import type { Config } from '../../config.ts';
import { databaseAddress } from './database-address.ts';

/** The facts about a deployment that decide which claims can apply to it. */
export interface DeploymentFacts {
  /** Plain HTTP, on this machine only. */
  plainLoopback: boolean;
  /** Plain HTTP is served next to HTTPS. */
  plainPort: boolean;
  /** Users can sign in with Google or GitHub. */
  socialSignIn: boolean;
  store: 'libsql' | 'mongodb';
  /** The database is MongoDB Atlas. */
  atlas: boolean;
  vercel: boolean;
}

/** What proves a claim: its checks, a dated statement by a named role, a target date for the work, or nothing yet. */
export type ProofPolicy = 'checks' | 'attestation' | 'roadmap' | 'none yet';

/** Why no check decides a claim here: it does not apply, another party is responsible for it, or nothing is known. */
export interface Setting {
  status: 'not-applicable' | 'inherited' | 'unverified';
  reason: string;
}

export interface Claim {
  policy: ProofPolicy;
  /** All of them must pass. */
  checks: readonly string[];
  /** `null` if the claim’s own proof decides. */
  settingOn(facts: DeploymentFacts): Setting | null;
}

type Where = [when: (facts: DeploymentFacts) => boolean, status: Setting['status'], reason: string];

const onPlainLoopback: Where = [
  ({ plainLoopback }) => plainLoopback,
  'not-applicable',
  'This deployment serves plain HTTP, to its own machine only.',
];
const withoutPlainPort: Where = [
  ({ plainPort }) => !plainPort,
  'not-applicable',
  'This deployment has no plain HTTP port: HTTP_REDIRECT_PORT is not set.',
];
const onEmbedded: Where = [
  ({ store }) => store === 'libsql',
  'not-applicable',
  'The embedded database is a file of this server: it has no users and no network address.',
];
const onAtlas: Where = [
  ({ atlas }) => atlas,
  'inherited',
  'MongoDB Atlas states that it encrypts its volumes and snapshots with AES-256.',
];
const onOtherMongo: Where = [
  ({ store, atlas }) => store === 'mongodb' && !atlas,
  'unverified',
  'This server cannot see how this MongoDB server encrypts its storage.',
];
const onVercel: Where = [
  ({ vercel }) => vercel,
  'inherited',
  'Vercel states this about its platform.',
];
const elsewhere: Where = [
  ({ vercel }) => !vercel,
  'not-applicable',
  'This deployment does not run on Vercel.',
];

const withoutProviders: Where = [
  ({ socialSignIn }) => !socialSignIn,
  'not-applicable',
  'Sign-in with Google and GitHub is not set up on this deployment.',
];

const nothingYet = claim('none yet', []);

/** All claims with their proofs. Their sentences are in `security.md`. */
export const claims = {
  'password-hashing': claim('checks', ['password-census', 'password-length']),
  'password-secrecy': claim('checks', ['password-secrecy', 'password-keeping']),
  'social-sign-in': claim('checks', ['social-sign-in', 'provider-tokens'], withoutProviders),
  'oauth-scopes': claim('checks', ['oauth-scopes'], withoutProviders),
  'session-cookies': claim('checks', ['session-cookies', 'session-doors']),
  'email-verification': claim('checks', ['email-verification']),
  'code-limits': claim('checks', ['code-attempts', 'code-lifetime', 'recovery-attempts']),
  'two-factor': claim('roadmap', ['two-factor']),
  'factor-secrets': claim('checks', ['factor-secrets', 'factor-single-use']),
  'access-control': claim('checks', ['access-control']),
  'team-roles': nothingYet,
  tls: claim('checks', ['tls', 'tls-suites'], onPlainLoopback),
  'https-redirect': claim('checks', ['https-redirect'], onPlainLoopback, withoutPlainPort),
  'encryption-at-rest': claim('checks', ['encryption-at-rest'], onAtlas, onOtherMongo),
  'database-access': claim('checks', ['database-access'], onEmbedded),
  hosting: claim('none yet', [], onVercel, elsewhere),
  backups: nothingYet,
  'network-access': claim('none yet', [], onEmbedded),
  secrets: claim('checks', ['secrets']),
  'input-validation': claim('checks', ['invalid-bodies', 'browser-rules']),
  injection: claim('checks', ['injection']),
  'oauth-state': claim('checks', ['oauth-state', 'oauth-single-use'], withoutProviders),
  'rate-limits': claim('checks', [
    'guesses-at-an-account',
    'guesses-by-device',
    'limits-by-address',
  ]),
  'error-references': claim('checks', ['error-answers', 'error-fault']),
  'security-headers': claim('checks', ['security-headers']),
  'audit-log': nothingYet,
  'integration-tokens': nothingYet,
  'integration-revocation': nothingYet,
  'penetration-test': claim('attestation', []),
  'soc-2': claim('attestation', []),
  disclosure: nothingYet,
} as const satisfies Record<string, Claim>;

export type ClaimId = keyof typeof claims;

export function isClaimId(id: string): id is ClaimId {
  return Object.hasOwn(claims, id);
}

/** The facts that follow from the settings and from the platform. */
export function factsOf(
  config: Pick<Config, 'loopback' | 'secure' | 'database' | 'tls' | 'google' | 'github'>,
  vercel: boolean,
): DeploymentFacts {
  const { kind, hosts } = databaseAddress(config.database);
  return {
    plainLoopback: config.loopback && !config.secure,
    plainPort: !config.loopback || (config.tls?.redirectPort ?? null) !== null,
    socialSignIn: config.google !== null || config.github !== null,
    store: kind,
    atlas: hosts.length > 0 && hosts.every((host) => host.endsWith('.mongodb.net')),
    vercel,
  };
}

function claim(policy: ProofPolicy, checks: readonly string[], ...where: Where[]): Claim {
  const settingOn = (facts: DeploymentFacts): Setting | null => {
    const [, status, reason] = where.find(([when]) => when(facts)) ?? [];
    return status && reason ? { status, reason } : null;
  };
  return { policy, checks, settingOn };
}
