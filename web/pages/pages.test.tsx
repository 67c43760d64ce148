import type { ReactElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import type { ClaimView, TrustView } from '../../src/api/trust.ts';
import { problems, type ProblemName } from '../../src/problems.ts';
import { problemHelp } from '../ui/problem-help.ts';
import { ClaimPage } from './claim.tsx';
import { Document } from './document.tsx';
import { ErrorPage } from './error.tsx';
import { LandingPage } from './landing.tsx';
import { MailboxPage } from './mailbox.tsx';
import { SecurityPage } from './security.tsx';
import { WrongHostPage } from './wrong-host.tsx';

const now = new Date('2026-11-22T14:17:00.000Z');

const claim: ClaimView = {
  id: 'tls',
  section: 'Encryption',
  statement:
    'Every connection uses TLS 1.2 or later, with forward secrecy and authenticated encryption.',
  status: 'failing',
  since: '2026-11-21T09:00:00.000Z',
  wording: 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg',
  reason: 'TLS 1.0 was accepted.',
  checks: [
    {
      id: 'tls-1',
      title: 'Old versions are refused',
      method: 'TEST',
      vantage: 'black-box',
      status: 'failing',
      ranAt: '2026-11-22T14:03:00.000Z',
      summary: 'TLS 1.0 was accepted.',
      observations: [
        {
          at: '2026-11-22T14:03:00.000Z',
          outcome: 'false',
          summary: 'TLS 1.0 was accepted.',
          examined: 4,
          population: 4,
          control: {
            caught: true,
            saw: '2 of 2 detected\nonly TLS 1.0 is spoken\nevery version is spoken',
          },
        },
      ],
      limits: 'The path behind a proxy.',
      version: '1+3f9c2ab07d51e8aa',
      findings: [
        {
          reason: 'TLS 1.0 was accepted.',
          firstSeen: '2026-11-21T09:00:00.000Z',
          lastSeen: '2026-11-22T14:03:00.000Z',
          closed: null,
        },
      ],
      byHand: { command: 'curl --tls-max 1.0 https://flowcept.example', expect: 'No connection.' },
    },
  ],
  mutants: { caught: 4, total: 5, ranOn: '2026-11-22' },
  history: [
    { day: '2026-11-21', outcome: null },
    { day: '2026-11-22', outcome: 'false' },
  ],
};

const view: TrustView = {
  deployment: {
    origin: 'https://flowcept.example',
    host: 'flowcept.example',
    version: '0.1.0',
    build: '3f9c2ab',
    commit: '6a23228c5b7654fb6c22359b9c60d5ca711c58ee',
    store: 'libSQL',
  },
  ranAt: '2026-11-22T14:03:00.000Z',
  claims: [claim, { ...claim, id: 'soc-2', status: 'unverified', checks: [], history: [] }],
  removed: [
    { id: 'bug-bounty', statement: 'We pay for what you find.', at: '2026-11-20T08:00:00.000Z' },
  ],
  record: {
    key: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
    head: { seq: 412, hash: 'LCa0a2j_xo_5m0U8HTBBNBNCLXBkg7-g-YpeiGJm564' },
    checkpoint: {
      seq: 390,
      hash: 'c3ab8ff13720e8ad9047dd39466b3c8974e592c2fa3',
      at: '2026-11-22T02:00:00.000Z',
    },
    breaks: [{ before: 371, noticedAt: '2026-11-21T22:00:00.000Z' }],
  },
};

const mail = {
  id: 'm1',
  to: 'ada@example.com',
  subject: 'Your code',
  text: 'Your code:\r\n\r\n482913\r\n\nhttp://localhost:3000/undo#token=t\nsee http://localhost:3000/x\nhttps://evil.example/\n',
  html: '<img src=x onerror=alert(1)>',
  sentAt: now.toISOString(),
};

const pages: Record<string, ReactElement> = {
  landing: <LandingPage signedInAs={null} hasOperator={false} />,
  error: (
    <ErrorPage
      name="internal"
      status={500}
      title="Wrong"
      detail="Wrong"
      reference="r1"
      path="/security"
    />
  ),
  'wrong host': (
    <WrongHostPage asked="<script>" configured="http://localhost:3000" reference="r1" />
  ),
  security: <SecurityPage view={view} intro="One.\n\nTwo." run="offered" now={now} />,
  claim: <ClaimPage view={view} claim={claim} now={now} />,
  mailbox: <MailboxPage items={[mail]} to={null} origin="http://localhost:3000" />,
};

const render = (content: ReactElement) =>
  renderToStaticMarkup(
    <Document title="Page" stylesheet="/assets/index.css" signedIn={false} sandbox={['mail']}>
      {content}
    </Document>,
  );

test.each(Object.keys(pages))(
  'the %s page has no script, no inline style and no external resource',
  (name) => {
    const markup = render(pages[name] ?? <></>);
    expect(markup).not.toMatch(/<script|<style|\sstyle=|\son\w+=|javascript:/i);
    expect(
      [...markup.matchAll(/\s(?:src|href)="([^"]*)"/g)].filter(
        ([, target]) =>
          /^(?:https?:)?\/\//.test(target ?? '') && !target?.startsWith('http://localhost'),
      ),
    ).toEqual([]);
  },
);

test.each(Object.keys(problems) as ProblemName[])(
  '“%s” says what to do in a sentence and offers one next step',
  (name) => {
    const { status, title } = problems[name];
    const markup = render(
      <ErrorPage
        name={name}
        status={status}
        title={title}
        detail={title}
        reference="r1"
        path="/asked?x=1"
      />,
    );
    expect(problemHelp[name].hint).toMatch(/^[A-Z].{15,}\.$/);
    expect(markup).toContain(problemHelp[name].hint.slice(0, 20));
    const ways = [
      ...markup.matchAll(/<a class="fc-button fc-button-primary" href="([^"]+)">/g),
    ].map(([, href]) => href);
    expect(ways).toEqual([expect.stringMatching(/^\/[a-z?]*/)]);
  },
);

test('an error page offers a retry, and leads a signed-out visitor to sign-in and back', () => {
  expect(render(pages['error'] ?? <></>)).toContain('href="/security">Try again');
  expect(
    render(
      <ErrorPage
        name="not-signed-in"
        status={401}
        title="Sign in first."
        detail="Sign in first."
        reference="r1"
        path="/security/run"
      />,
    ),
  ).toContain('href="/sign-in?to=%2Fsecurity%2Frun"');
});

test('the security page names failing claims before it lists all claims', () => {
  const markup = render(pages['security'] ?? <></>);
  expect(markup.indexOf('This claim currently doesn’t hold')).toBeGreaterThan(0);
  expect(markup.indexOf('This claim currently doesn’t hold')).toBeLessThan(
    markup.indexOf('id="tls"'),
  );
  expect(markup).toContain('0 of 1 check passed · black-box · ');
  expect(markup).toContain(
    '<p>2 of 2 detected</p><ul class="fc-bullets"><li>only TLS 1.0 is spoken</li>',
  );
  expect(markup).toContain('<dt>Negative controls</dt>');
  expect(markup).toContain('curl --tls-max 1.0 https://flowcept.example');
  expect(markup).toContain('1 day failed (2026-11-22), 1 day not run');
});

test('the page names the commit if it is known, and otherwise the digest of the build alone', () => {
  const page = (commit: string | null) =>
    render(
      <SecurityPage
        view={{ ...view, deployment: { ...view.deployment, commit } }}
        intro=""
        run="hidden"
      />,
    );
  expect(page('6a23228c5b7654fb6c22359b9c60d5ca711c58ee')).toContain(
    'commit <code title="6a23228c5b7654fb6c22359b9c60d5ca711c58ee">6a23228c5b76</code>',
  );
  expect(page(null)).not.toContain('commit');
  expect(page(null)).toContain('build <code title="3f9c2ab">');
});

test('the page of a claim says how many seeded faults its checks detected, and omits the line if none were seeded', () => {
  expect(render(pages['claim'] ?? <></>)).toContain('4 of 5 seeded faults detected (2026-11-22)');
  expect(
    render(<ClaimPage view={view} claim={{ ...claim, mutants: null }} now={now} />),
  ).not.toContain('seeded faults');
});

test('the security page says so if no check has run yet', () => {
  const unseen = {
    ...claim,
    status: 'unverified' as const,
    checks: claim.checks.map((check) => ({ ...check, ranAt: null, observations: [] })),
  };
  expect(
    render(
      <SecurityPage
        view={{ ...view, ranAt: null, claims: [unseen] }}
        intro=""
        run="hidden"
        now={now}
      />,
    ),
  ).toContain('not run yet');
});

test('the mailbox shows an email as text, its code separately, and never its HTML', () => {
  const markup = render(pages['mailbox'] ?? <></>);
  expect(markup).toContain('<code class="fc-pick">482913</code>');
  expect(markup).not.toContain('onerror');
});

test('the mailbox makes links of lines that are URLs of this deployment, and of nothing else', () => {
  const markup = render(pages['mailbox'] ?? <></>);
  expect(
    [...markup.matchAll(/<pre.*?<\/pre>/gs)].flatMap(([mail]) =>
      [...mail.matchAll(/href="([^"]*)"/g)].map(([, href]) => href),
    ),
  ).toEqual(['http://localhost:3000/undo#token=t']);
});

test('each disclosure of the security page is named after its claim', () => {
  const html = renderToStaticMarkup(<SecurityPage view={view} intro="" run="hidden" now={now} />);
  expect(html).toContain('<h3 class="fc-claim-statement" id="tls-statement">');
  expect(html).toContain('<summary aria-labelledby="tls-statement tls-basis">');
  expect(html).toContain('<span id="tls-basis">');
});
