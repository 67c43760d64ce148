import type { StepState, ClaimView, ObservationView, Vantage } from '../../src/api/trust.ts';
import type { Way } from '../ui/problem-help.ts';

/**
 * Texts of the server-rendered pages. A second language is a second value of type `PageMessages`,
 * and does not compile if a text is missing.
 */

const vantages: Record<Vantage, string> = {
  'black-box': 'Black-box: over HTTP, by this server',
  internal: 'Internal: reads this deployment’s own records',
  provider: 'Provider: asks the API of the provider',
  source: 'Source: reads the source code and its history',
  'test-instance': 'Test instance: a throw-away copy of this deployment with a movable clock',
};

const outcomes: Record<ObservationView['outcome'], string> = {
  true: 'Passed',
  false: 'Failed',
  'not-applicable': 'Not applicable',
  unknown: 'Inconclusive',
  error: 'Not completed',
};

/** The same within a sentence. */
const fromWhere: Record<Vantage, string> = {
  'black-box': 'black-box',
  internal: 'internal',
  provider: 'provider',
  source: 'source',
  'test-instance': 'test instance',
};

const list = new Intl.ListFormat('en', { type: 'conjunction' });

const needs: Record<string, string> = {
  session: 'a session',
  cron: 'the bearer token for scheduled runs',
};

const english = {
  title: (page: string) => `${page} · Flowcept`,
  landing: {
    title: 'Accounts for small teams, with security you can verify',
    lead: 'Flowcept gives a small SaaS team sign-up, sign-in, two-factor authentication and sessions, with a security page that tests its claims against the running deployment.',
    createAccount: 'Create account',
    openApp: 'Open the app',
    signIn: 'Sign in',
    security: 'See the security page',
    signedInAs: (name: string) => `You are signed in as ${name}.`,
    noOperatorTitle: 'This deployment has no operator yet',
    noOperator: 'In the deployment’s folder, run',
    claimCommand: 'node bin/flowcept.js claim',
    noOperatorAfter: 'It prints a link that makes the first operator.',
    howTitle: 'How it works',
    how: [
      {
        title: 'A claim',
        text: 'A sentence about security: passwords are stored only as hashes, and a session ends when its user signs out.',
      },
      {
        title: 'Checks that try to disprove it',
        text: 'Each claim is bound to checks that act as an attacker would. In every run, a check must also detect its negative controls: recordings that were broken on purpose.',
      },
      {
        title: 'A dated status',
        text: 'Check results decide the status. It cannot be set by hand, and an expired result never counts as verified.',
      },
    ],
    statusTitle: 'What the statuses mean',
    source: 'The public pages work without JavaScript and load nothing from other sites.',
  },
  error: {
    reference: 'Request ID',
    hint: 'Include it when you ask for help: it leads to the cause in the server log.',
    ways: {
      again: 'Try again',
      start: 'Go to the start page',
      'sign-in': 'Sign in',
      'sign-up': 'Create account',
      recovery: 'Reset your password',
    } satisfies Record<Way, string>,
  },
  problems: {
    title: 'Errors by name',
    one: (name: string) => `Error: ${name}`,
    lead: 'The type of every error ends with one of these names, so that programs can tell errors apart. The titles are for people.',
    status: 'Status',
    type: 'Type',
    all: 'All errors by name',
  },
  wrongHost: {
    title: 'This server uses a different address',
    lead: 'You requested one address, but this deployment is configured for another. Links, cookies and email need a single address, so the request was not processed.',
    asked: 'Requested address',
    configured: 'Configured address',
    visitor: 'If you’re visiting',
    visit: 'Go to',
    operator: 'If this is your deployment',
    fix: 'Set this environment variable to the origin that users open, then restart the server:',
    proxy: 'Behind a proxy, make sure that it forwards the Host header unchanged.',
  },
  running: {
    title: 'The checks are running',
    wait: 'Each check tries to disprove its claim and must then detect its own negative controls. A run takes seconds, two minutes at most. This page is updated automatically and returns to the security page when the run ends.',
    elsewhere:
      'Another process of this deployment is running the checks. Their progress isn’t shown here.',
    done: (done: number, all: number) => `${done} of ${all} checks finished`,
    states: {
      waiting: 'queued',
      'under way': 'running…',
      stands: 'rate limited; the earlier pass still counts',
      true: 'passed',
      false: 'failed',
      'not-applicable': 'not applicable',
      unknown: 'inconclusive',
      error: 'not completed',
    } satisfies Record<StepState, string>,
    back: 'Back to the security page',
  },
  security: {
    title: 'Security',
    summary: 'At a glance',
    lastRun: 'Last run',
    neverRan: 'The checks haven’t run yet, so nothing on this page is verified.',
    deployment: 'Deployment',
    version: 'Version',
    build: 'build',
    commit: 'commit',
    store: 'Store',
    claims: 'Claims',
    attention: (count: number) =>
      count === 1
        ? 'This claim currently doesn’t hold:'
        : `These ${count} claims currently don’t hold:`,
    running: 'The checks are running.',
    watch: 'View progress',
    run: 'Run checks',
    runTakes: 'Takes seconds, two minutes at most.',
    checksPassed: (passed: number, all: number) =>
      `${passed} of ${all} ${all === 1 ? 'check' : 'checks'} passed`,
    noChecks: 'No checks yet',
    noneApplies: 'Its checks don’t apply to this deployment',
    fromWhere: (vantages: readonly Vantage[]) =>
      list.format(vantages.map((vantage) => fromWhere[vantage])),
    neverChecked: 'not run yet',
    proves: 'Result',
    saw: 'Observed',
    provesNot: 'Not covered',
    controls: 'Negative controls',
    byHand: 'Reproduce',
    onlyInside: 'This check needs access to the deployment. It can’t be reproduced from outside.',
    byVerify:
      'There is no single command for this. flowcept verify repeats it as far as an outsider can.',
    never: 'This check hasn’t run yet.',
    examined: (examined: number, population: number) =>
      `(${examined.toLocaleString('en')} of ${population.toLocaleString('en')} examined)`,
    missedControl: 'A pass doesn’t count unless every negative control is detected:',
    permalink: 'This claim with its observations and history',
    legend: 'What the statuses mean',
    legendNote:
      'Each status is computed from check results, attestations and the date. It cannot be set by hand. Internal and test instance checks are this deployment’s own statement about itself.',
    json: 'This page as JSON',
  },
  claim: {
    days: 'Day by day',
    day: 'Day',
    worst: 'Worst outcome',
    notSeen: 'Not run',
    back: 'All claims',
    section: 'Section',
    claim: 'Claim',
    observations: 'Observations',
    noObservations: 'No observations yet.',
    noChecks: 'This claim has no checks.',
    mutants: 'Mutation tests',
    mutantsCaught: ({ caught, total, ranOn }: NonNullable<ClaimView['mutants']>) =>
      `${caught} of ${total} seeded faults detected (${ranOn})`,
    at: 'When',
    outcome: 'Outcome',
    saw: 'Observed',
    examined: 'Examined',
    control: 'Negative controls',
    missed: (saw: string) => `Not confirmed: ${saw}`,
  },
  findings: {
    title: 'Findings',
    seen: 'First seen',
    last: 'last seen',
    open: 'still failing',
    closed: 'passing again since',
  },
  record: {
    brokenTitle: 'The evidence log was altered',
    broken:
      'Something other than this program changed or removed entries. Every check counts as failed from there until it passes again.',
    before: (seq: number) => `Before entry ${seq}`,
    noticed: 'detected',
    removedTitle: 'No longer claimed',
    removed: 'Removed',
    title: 'Verify this page yourself',
    lead: (hasCommit: boolean) =>
      `Run this command on your own machine, in a checkout of the Flowcept repository${hasCommit ? ' at the commit named below' : ''}, after npm ci. Get the repository from a source that you trust: Flowcept is not published as a package, and a package of that name is not ours. The command repeats the checks that work from outside, reads the signed evidence and the evidence log, and compares both with this page.`,
    key: 'Signing key',
    head: 'Latest entry of the evidence log',
    checkpoint: 'Latest checkpoint',
    entry: (seq: number) => `Entry ${seq}`,
    noHead: 'Nothing recorded yet',
    evidence: 'Signed evidence',
    keys: 'Public key',
    history: 'Evidence log',
    schema: 'Schema',
    fakedTitle: 'Limits of this evidence',
    faked: [
      'No setting, request or database edit can turn a status green. But the operators of the server have its code and its key: they could run other code than this build and sign what it answers.',
      'Results of internal and test instance checks are this deployment’s own statement about itself. Black-box checks can be repeated from outside.',
      'A log rewritten from the start would still verify. Pin the key and an earlier entry to detect it, or let the command remember them for you.',
    ],
  },
  vantages,
  outcomes,
  mailbox: {
    title: 'Sandbox mailbox',
    lead: 'Email that this deployment sends in sandbox mode appears here. Nothing is delivered.',
    filter: 'Filter by recipient',
    placeholder: 'ada@example.com',
    apply: 'Filter',
    all: 'Show all emails',
    refresh: 'Refresh',
    count: (count: number) => (count === 1 ? '1 email' : `${count} emails`),
    to: 'To',
    sent: 'Sent',
    code: 'Code',
    emptyTitle: 'No emails yet',
    empty: 'Create an account or ask for a new code, then refresh.',
    emptyFilteredTitle: (to: string) => `No emails to ${to}`,
    emptyFiltered: 'It can take a second to arrive.',
  },
  consent: {
    title: (provider: string) => `Mock ${provider}`,
    lead: (provider: string) =>
      `A simulation of ${provider} on this machine. Choose an account to sign in with.`,
    asks: 'Flowcept asks for',
    pick: 'Choose an account',
    invent: 'Use another account',
    name: 'Name',
    email: 'Email',
    verified: 'Email is verified',
    agree: 'Continue',
    refuse: 'Cancel',
  },
  docs: {
    title: 'API reference',
    lead: 'Request and response bodies are JSON. Errors are application/problem+json with type, title, status, detail and reference; for invalid fields also errors, a list of path and message. The names of the errors are listed beside each status.',
    version: (version: string) => `Version ${version}`,
    tab: 'API',
    json: 'This reference as OpenAPI 3.1 JSON',
    contents: 'Contents',
    parameters: 'Parameters',
    body: 'Body',
    answers: 'Responses',
    field: 'Field',
    type: 'Type',
    required: 'required',
    optional: 'optional',
    status: 'Status',
    answer: 'Response',
    anyone: 'No authentication required.',
    needs: (ways: readonly string[]) =>
      `Requires ${ways.map((way) => needs[way] ?? way).join(' or ')}.`,
  },
};

export type PageMessages = typeof english;

export const messages: PageMessages = english;
