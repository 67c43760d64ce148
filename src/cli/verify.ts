import { setMaxListeners } from 'node:events';
import { endpointsOf } from '../app.ts';
import { systemClock } from '../clock.ts';
import { isLoopbackName, readConfig, StartRefused } from '../config.ts';
import { SignatureBroken } from '../crypto/jws.ts';
import { routesOf } from '../trust/probe/site-routes.ts';
import {
  compareClaims,
  faultsOfEvidence,
  type ClaimSeen,
  type Remembered,
} from '../trust/verify/compare.ts';
import { memoryFile, recall, recallDocument, remember } from '../trust/verify/memory.ts';
import { NothingPublished, readPublished } from '../trust/verify/published.ts';
import { lookAgain } from '../trust/verify/repeat-checks.ts';
import { makeVerifierClient } from '../trust/verify/verifier.ts';
import type { Command, Values } from './command.ts';
import { brief, printableJson } from './plain-text.ts';

/** Milliseconds for the whole verification. */
const timeoutMs = 100_000;

interface Report {
  origin: string;
  build: string | null;
  key: string | null;
  /** Inconsistencies in the evidence itself. */
  faults: readonly string[];
  claims: readonly ClaimSeen[];
  /** File that stores the result for the next verification. */
  remembered: string | null;
}

const options = {
  pin: { type: 'string' },
  since: { type: 'string' },
  'http-port': { type: 'string' },
  'read-only': { type: 'boolean' },
} as const;

export const verify: Command<typeof options> = {
  summary:
    'verifies a deployment’s security page from outside; --pin KEY and --since EVIDENCE compare it with what you kept, --read-only runs no checks',
  argument: '[URL]',
  options,
  async run({ json, argument, values }) {
    const url = targetOf(argument);
    const tell = (line: string) =>
      process.stderr.isTTY && !json && process.stderr.write(`\r\u001b[K${line}`);
    const report = await verified(url, values, tell);
    tell('');
    console.log(json ? printableJson(report) : inWords(report));
    return exitCode(report);
  },
};

/** @throws StartRefused when there is nothing to verify */
async function verified(
  url: URL,
  { pin, since, 'http-port': httpPort, 'read-only': readOnly = false }: Values<typeof options>,
  tell: (line: string) => void,
): Promise<Report> {
  const { origin } = url;
  const file = memoryFile(url, process.env);
  const remembered = await whatIsKnown(file, { pin, since });
  const outsider = makeVerifierClient(url, {
    routes: routesOf(endpointsOf({ config: readConfig({}) })),
    httpPort: httpPort === undefined ? null : Number(httpPort),
    signal: patientSignal(),
  });
  const nothing = { origin, build: null, key: null, claims: [], remembered: null };
  try {
    tell(`Reading ${origin} …`);
    const published = await readPublished(outsider, remembered.link?.seq ?? null);
    const faults = faultsOfEvidence(published, { origin, remembered, now: systemClock.now() });
    const facts = await outsider.facts(published.page.view);
    const again = readOnly
      ? []
      : await lookAgain(published.page.view, await outsider.sources(), tell);
    const claims = compareClaims(published, { again, facts, now: systemClock.now() });
    if (faults.length === 0) await remember(file, published, systemClock.now());
    return {
      origin,
      build: published.document.deployment.build,
      key: published.key.kid,
      faults,
      claims,
      remembered: faults.length === 0 ? file : null,
    };
  } catch (error) {
    if (error instanceof SignatureBroken)
      return {
        ...nothing,
        faults: [`The evidence does not match its signature: ${error.message}`],
      };
    throw new StartRefused([
      error instanceof NothingPublished
        ? `${origin}: ${error.message}`
        : `Cannot read ${origin}: ${causeOf(error)}`,
    ]);
  }
}

function patientSignal(): AbortSignal {
  const signal = AbortSignal.timeout(timeoutMs);
  // Every request adds a listener.
  setMaxListeners(0, signal);
  return signal;
}

/** Options on the command line take precedence over the stored result. */
async function whatIsKnown(
  file: string,
  { pin, since }: { pin: string | undefined; since: string | undefined },
): Promise<Remembered> {
  try {
    const known = (since === undefined ? await recall(file) : await recallDocument(since)) ?? {
      kid: null,
      link: null,
    };
    return { ...known, kid: pin ?? known.kid };
  } catch (error) {
    throw new StartRefused([`Cannot read ${since ?? file}: ${causeOf(error)}`]);
  }
}

function targetOf(argument: string | null): URL {
  const text = argument ?? readConfig(process.env).origin;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !['http:', 'https:'].includes(url.protocol))
    throw new StartRefused([
      `“${text}” is not a URL. Example: node bin/flowcept.js verify https://app.example.org`,
    ]);
  if (url.protocol === 'http:' && !isLoopbackName(url.hostname))
    throw new StartRefused([
      `${url.origin}: over plain HTTP, anyone on the network could forge the response. Use https:`,
    ]);
  return url;
}

const marks: Record<ClaimSeen['agreement'], string> = {
  agrees: '✓',
  'not met': '✗',
  differs: '✗',
  inconclusive: '?',
  'not verifiable from here': '–',
  'unknown to this verifier': '·',
};
const fallsShort = new Set<ClaimSeen['agreement']>(['differs', 'not met']);
const maxUnknown = 50;

/** A claim that is not met, or differs, outweighs an inconclusive one. */
function exitCode({ faults, claims }: Report): number {
  if (faults.length > 0 || claims.some(({ agreement }) => fallsShort.has(agreement))) return 1;
  return claims.some(({ agreement }) => agreement === 'inconclusive') ? 2 : 0;
}

/** Formats the report line by line. Every line is sanitised, because most of the text comes from the deployment. */
function inWords({ origin, build, key, faults, claims, remembered }: Report): string {
  const unknown = claims.filter(({ agreement }) => agreement === 'unknown to this verifier');
  const shown = [
    ...claims.filter((claim) => !unknown.includes(claim)),
    ...unknown.slice(0, maxUnknown),
  ];
  const width = Math.max(
    0,
    ...claims.filter((claim) => !unknown.includes(claim)).map(({ id }) => id.length),
  );
  const count = (...which: ClaimSeen['agreement'][]) =>
    claims.filter(({ agreement }) => which.includes(agreement)).length;
  const tried = count('inconclusive');
  return [
    brief(build === null ? origin : `${origin}, build ${build.slice(0, 12)}, signed with ${key}`),
    ...(faults.length === 0
      ? [
          '✓ The evidence is signed, current and consistent with the page, and the evidence log is complete.',
        ]
      : faults.map((fault) => `✗ ${brief(fault)}`)),
    '',
    ...shown.flatMap(({ id, published, agreement, notes }) => [
      `${marks[agreement]} ${brief(id).padEnd(width)}  ${brief(published)}${agreement === 'agrees' ? '' : `, ${agreement}`}`,
      ...notes.map((note) => `    ${brief(note)}`),
    ]),
    ...(unknown.length > maxUnknown
      ? [`… and ${unknown.length - maxUnknown} more that are unknown to this verifier.`]
      : []),
    '',
    `${count('agrees')} of ${claims.length - unknown.length} claims confirmed from this machine; ${count('differs', 'not met')} not met or different. The rest is the deployment’s own statement.`,
    ...(tried === 0
      ? []
      : [
          `${tried} inconclusive: verifiable from here, but the checks could not be completed. Try again later.`,
        ]),
    ...(unknown.length === 0
      ? []
      : [`${unknown.length} unknown to this verifier: this report does not cover them.`]),
    ...(remembered === null ? [] : [`Saved for next time: ${remembered}`]),
  ].join('\n');
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
