import type { StepState, ClaimView, ObservationView, Vantage } from '../../src/api/trust.ts';
import type { Way } from '../ui/problem-help.ts';

/** What the pages for strangers say. A second language is a second value of type `PageWords`: what it lacks does not compile. */

const vantages: Record<Vantage, string> = {
  outside: 'Tried from outside, as any visitor could',
  inside: "Read from inside, in this deployment's own records",
  'inside, twin': 'Tried inside, on a twin of this deployment whose clock can be moved',
};

const outcomes: Record<ObservationView['outcome'], string> = {
  true: 'Held',
  false: 'Did not hold',
  'not-applicable': 'Not applicable',
  unknown: 'Not conclusive',
  error: 'Could not run',
};

/** The same, within a sentence. */
const fromWhere: Record<Vantage, string> = {
  outside: 'from outside',
  inside: 'from inside',
  'inside, twin': 'on a twin',
};

const list = new Intl.ListFormat('en', { type: 'conjunction' });

const needs: Record<string, string> = {
  session: 'a session',
  cron: 'the bearer token for scheduled runs',
};

const english = {
  title: (page: string) => `${page} · Flowcept`,
  landing: {
    title: 'Accounts for small teams, with the proof beside them',
    lead: 'Flowcept is accounts, sessions, teams and integrations for a small SaaS team, and a security page that cannot say more than what holds.',
    createAccount: 'Create account',
    openApp: 'Open the app',
    signIn: 'Sign in',
    security: 'See the security page',
    signedInAs: (who: string) => `You are signed in as ${who}.`,
    noOperatorTitle: 'This deployment has no operator yet',
    noOperator: 'In its folder, run',
    claimCommand: 'node bin/flowcept.js claim',
    noOperatorAfter: 'It prints a link that makes the first one.',
    howTitle: 'How a sentence earns its place',
    how: [
      {
        title: 'A sentence',
        text: 'Somebody writes down what should hold: passwords are stored only as hashes, a session ends when it is signed out.',
      },
      {
        title: 'Checks that try to break it',
        text: 'Each sentence is bound to checks. They act as an attacker would, and each must first catch a twin that was broken on purpose.',
      },
      {
        title: 'A word with a date',
        text: 'What they saw decides the word beside the sentence. Nobody can set it by hand, and an old result is never green.',
      },
    ],
    statusTitle: 'Three words that you will meet there',
    source: 'Every page for strangers works without JavaScript and loads nothing from elsewhere.',
  },
  error: {
    reference: 'Reference',
    hint: 'Quote it when you ask for help: the log carries the whole cause under it.',
    ways: {
      again: 'Try again',
      start: 'To the start page',
      'sign-in': 'Sign in',
      'sign-up': 'Create account',
      recovery: 'Set a new password',
    } satisfies Record<Way, string>,
  },
  problems: {
    title: 'Problems by name',
    one: (name: string) => `Problem: ${name}`,
    lead: 'Every refusal carries one of these names at the end of its type, so that programs can tell them apart. The sentences are for people.',
    status: 'Status',
    type: 'Type',
    all: 'All problems by name',
  },
  wrongHost: {
    title: 'This server has another address',
    lead: 'You asked for one address, and this deployment is set to serve another. Links, cookies and mail would not fit together, so it stops here.',
    asked: 'You asked for',
    configured: 'It is set to',
    visitor: 'If you are visiting',
    visit: 'Go to',
    operator: 'If this is your deployment',
    fix: 'Set the environment variable to the origin that people type, and start it again:',
    proxy: 'Behind a proxy, make sure that it passes the Host header on unchanged.',
  },
  running: {
    title: 'The checks are running',
    wait: 'Each of them tries to break what its sentence says, and then its own broken twins. It takes seconds, at most two minutes; this page follows them and leads back when they are done.',
    elsewhere: 'Another process of this deployment makes them; it tells when all are made.',
    done: (done: number, all: number) => `${done} of ${all} made`,
    states: {
      waiting: 'waits',
      'under way': 'under way…',
      stands: 'still stands; limits were in the way',
      true: 'held',
      false: 'did not hold',
      'not-applicable': 'not applicable',
      unknown: 'not conclusive',
      error: 'could not be made',
    } satisfies Record<StepState, string>,
    back: 'Back to the security page',
  },
  security: {
    title: 'Security',
    summary: 'At a glance',
    lastRun: 'Last run',
    neverRan: 'The checks have not run yet, so nothing here is proved.',
    deployment: 'Deployment',
    version: 'Version',
    build: 'build',
    commit: 'commit',
    store: 'Store',
    claims: 'Claims',
    attention: (count: number) =>
      count === 1
        ? 'This does not hold at the moment:'
        : `These ${count} do not hold at the moment:`,
    running: 'The checks are running now.',
    watch: 'Watch them',
    run: 'Run the checks now',
    runTakes: 'Takes seconds, at most two minutes.',
    checksHold: (held: number, all: number) =>
      `${held} of ${all} ${all === 1 ? 'check holds' : 'checks hold'}`,
    noChecks: 'No check yet',
    noneApplies: 'Its checks do not apply here',
    seenFrom: (vantages: readonly Vantage[]) =>
      `seen ${list.format(vantages.map((vantage) => fromWhere[vantage]))}`,
    neverChecked: 'not checked yet',
    proves: 'This proves',
    saw: 'It saw',
    provesNot: 'This does not',
    twins: 'Broken twins',
    byHand: 'Try it yourself',
    onlyInside: 'Only this deployment can look at this; nobody outside can repeat it.',
    never: 'It has not run yet.',
    examined: (examined: number, population: number) =>
      `(${examined.toLocaleString('en')} of ${population.toLocaleString('en')} examined)`,
    missedTwin: 'Missed, so its word does not count:',
    permalink: 'This claim by itself, with every observation',
    legend: 'What the words mean',
    legendNote:
      'A word is worked out from what the checks saw, what people answer for and the clock; there is no way to set it. Checks from inside are this deployment’s word about itself.',
    json: 'The same as JSON',
  },
  claim: {
    days: 'Day by day',
    day: 'Day',
    worst: 'Worst that was seen',
    notSeen: 'Nothing',
    back: 'All claims',
    section: 'Section',
    claim: 'Claim',
    why: 'Why',
    history: 'History',
    observations: 'Observations',
    noObservations: 'Nothing was observed yet.',
    noChecks: 'No check decides this claim.',
    mutants: 'Deliberate breaks',
    mutantsCaught: ({ caught, total, ranOn }: NonNullable<ClaimView['mutants']>) =>
      `${caught} of ${total} builds that were broken on purpose made this claim fail (${ranOn})`,
    at: 'When',
    outcome: 'Outcome',
    saw: 'What it saw',
    examined: 'Examined',
    twin: 'Broken twin',
    missed: (saw: string) => `Missed: ${saw}`,
    method: 'Method',
    methods: { TEST: 'Test: it tries', EXAMINE: 'Examination: it reads' },
  },
  findings: {
    title: 'Findings',
    seen: 'First seen',
    last: 'last seen',
    open: 'it still does not hold',
    closed: 'it holds again since',
  },
  record: {
    brokenTitle: 'The record behind this page was changed',
    broken:
      'Something other than this program changed or removed what it had recorded. Every check counts as failed there until it succeeds again.',
    before: (seq: number) => `Before link ${seq}`,
    noticed: 'noticed',
    removedTitle: 'No longer claimed',
    removed: 'Removed',
    title: 'Check this page yourself',
    lead: (hasCommit: boolean) =>
      `Run this in a checkout of the Flowcept repository on your own machine${hasCommit ? ', at the commit named below,' : ','} after npm ci. Take the repository from a source you trust: Flowcept is not published as a package, and a package of that name is not ours. The command repeats the checks that an outsider can run, reads the signed evidence and its history, and compares both with this page.`,
    key: 'Signing key',
    head: 'Newest link of the record',
    checkpoint: 'Last checkpoint',
    link: (seq: number) => `Link ${seq}`,
    noHead: 'Nothing is recorded yet',
    evidence: 'Signed evidence',
    keys: 'Its key',
    history: 'Its history',
    schema: 'Its schema',
    fakedTitle: 'What the operator could still fake',
    faked: [
      'No setting, request or edit of the database makes a word here greener. Whoever runs the server has its code and its key, too: they could serve other code than this build, and sign what it answers.',
      'What checks saw from inside is this deployment’s word about itself. What they saw from outside you can see again.',
      'A record that was written anew from its beginning looks whole. It does not to whoever kept the name of the key and an earlier link: keep both, or have the command keep them for you.',
    ],
  },
  vantages,
  outcomes,
  mailbox: {
    title: 'Sandbox mailbox',
    lead: 'Mail that this deployment sends in sandbox mode lands here and goes nowhere else.',
    filter: 'Filter by recipient',
    placeholder: 'ada@example.com',
    apply: 'Filter',
    all: 'Show all mail',
    refresh: 'Refresh',
    count: (count: number) => (count === 1 ? '1 mail' : `${count} mails`),
    to: 'To',
    sent: 'Sent',
    code: 'Code',
    emptyTitle: 'No mail yet',
    empty: 'Create an account or ask for a new code, then refresh.',
    emptyFilteredTitle: (to: string) => `No mail to ${to}`,
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
    lead: 'Bodies and answers are JSON. What is refused is answered as application/problem+json with type, title, status, detail and reference, and for wrong fields errors, a list of path and message. The names of the problems stand beside each status.',
    version: (version: string) => `Version ${version}`,
    tab: 'API',
    json: 'The same as OpenAPI 3.1 JSON',
    contents: 'Contents',
    parameters: 'Parameters',
    body: 'Body',
    answers: 'Answers',
    field: 'Field',
    type: 'Type',
    required: 'required',
    optional: 'optional',
    status: 'Status',
    answer: 'Answer',
    anyone: 'Anyone may.',
    needs: (ways: readonly string[]) =>
      `Needs: ${ways.map((way) => needs[way] ?? way).join(', or ')}.`,
  },
};

export type PageMessages = typeof english;

export const messages: PageMessages = english;
