import type { TrustView } from '../api/trust.ts';
import type { Clock } from '../clock.ts';
import type { Signer } from '../crypto/jws.ts';
import type { CurrentView, Trust } from '../services.ts';
import { checks } from './checks/all-checks.ts';
import { buildDigest } from './claims/build.ts';
import { claims, factsOf, type DeploymentFacts } from './claims/claims.ts';
import { readMutants } from './claims/mutation-results.ts';
import type { Observation } from './claims/observation.ts';
import { readSecuritySource } from './claims/security-source.ts';
import { declarationsOf } from './evidence-log/declarations.ts';
import type { EvidenceLog } from './evidence-log/evidence-log.ts';
import { makeEvidenceRecorder } from './evidence-log/recorder.ts';
import { changesAt, statusesOf, viewOf } from './page/view.ts';
import type { Check } from './probe/check.ts';
import type { RunnerParts } from './runs/runner.ts';
import { makeRuns } from './runs/runs.ts';
import { makeSchedule } from './runs/schedule.ts';

export interface TrustParts extends RunnerParts {
  signer: Signer;
  version: string;
  /** `null` if unknown. */
  commit: string | null;
  vercel: boolean;
}

/** The trust services of a deployment. @throws SecuritySourceBroken */
export async function makeTrust(parts: TrustParts): Promise<Trust> {
  const { config, clock, signer, version, commit, vercel } = parts;
  const source = readSecuritySource();
  const build = await buildDigest();
  const mutants = readMutants();
  const facts = factsOf(config, vercel);
  const applicable = checks.filter((check) => isWanted(check, facts));
  const deciding = () => ({ facts, source, build, now: clock.now() });
  const statuses = (observations: readonly Observation[]) => statusesOf(observations, deciding());
  const records = makeEvidenceRecorder({
    ...parts,
    build,
    checks,
    declared: declarationsOf(source, checks),
    statuses,
  });
  const runs = makeRuns(parts, { build, records });
  const schedule = makeSchedule({ clock, checks: applicable, build, records, runs });
  const deployment = {
    origin: config.origin,
    host: config.publicUrl.host,
    version,
    build,
    commit,
    store: facts.store === 'libsql' ? 'libSQL, embedded' : 'MongoDB',
  };
  return {
    intro: async () => source.introduction,
    current: keepCurrent({ clock, read: records.read }, (evidenceLog, now) =>
      viewOf({
        facts,
        source,
        build,
        now,
        deployment,
        mutants,
        origin: config.origin,
        key: signer.publicKey.kid,
        evidenceLog,
      }),
    ),
    isRunning: runs.isUnderWay,
    steps: runs.steps,
    run: (trigger) => runs.begin(trigger, () => applicable),
    async request(trigger) {
      void runs.begin(trigger, () => applicable);
    },
    start: async () => schedule.start(),
    async stop() {
      schedule.stop();
      await runs.stop();
    },
  };
}

/**
 * Computes the view once for each end of the evidence log and each time span in which it is accurate. The end of the
 * log is read on every call, so a cached view is never older than what another process recorded.
 */
function keepCurrent(
  { clock, read }: { clock: Clock; read: () => Promise<EvidenceLog> },
  viewAt: (evidenceLog: EvidenceLog, now: Date) => TrustView,
): Trust['current'] {
  let kept: { evidenceLog: EvidenceLog; from: Date; current: CurrentView } | null = null;
  return async () => {
    const evidenceLog = await read();
    const now = clock.now();
    if (!kept || kept.evidenceLog !== evidenceLog || now < kept.from || now >= kept.current.until) {
      kept = {
        evidenceLog,
        from: now,
        current: {
          view: viewAt(evidenceLog, now),
          until: changesAt(evidenceLog.observations, now),
        },
      };
    }
    return kept.current;
  };
}

/** Whether some claim needs the check here. */
function isWanted({ id }: Check, facts: DeploymentFacts): boolean {
  return Object.values(claims).some(
    (claim) => claim.checks.includes(id) && claim.settingOn(facts) === null,
  );
}
