import { describe, expect, test } from 'vitest';
import { claims } from './claims.ts';
import {
  parseSecuritySource,
  readSecuritySource,
  SecuritySourceBroken,
} from './security-source.ts';

const ids = Object.keys(claims);
const head = 'attestations: []\nexceptions: []\ndates: {}\n';
const page = ({
  front = head,
  intro = 'What we do.',
  lines = ids.map((id) => `- About ${id}. {#${id}}`),
} = {}) => `---\n${front}---\n# Security\n\n${intro}\n\n## Everything\n\n${lines.join('\n')}\n`;
const without = (id: string) =>
  ids.filter((one) => one !== id).map((one) => `- About ${one}. {#${one}}`);

function faultsOf(text: string): readonly string[] {
  try {
    parseSecuritySource(text);
    return [];
  } catch (error) {
    if (error instanceof SecuritySourceBroken) return error.lines;
    throw error;
  }
}

describe('our own security page', () => {
  test('can be published, and makes every claim of the contract', () => {
    const { introduction, sentences } = readSecuritySource();
    expect(introduction).toMatch(/^This page describes/);
    expect(sentences.map(({ claim }) => claim).sort()).toEqual([...ids].sort());
  });
});

describe('a security page', () => {
  test('is parsed into sections, sentences of several lines, and attestations', () => {
    const front =
      'attestations:\n  - { claim: soc-2, statement: Type II, by: auditor, basis: report, from: 2026-01-01, until: 2026-12-31 }\nexceptions: []\ndates: { penetration-test: 2026-06-30 }\n';
    const lines = [...without('tls'), '', '- Every connection\n  uses TLS. {#tls}'];
    const source = parseSecuritySource(page({ front, lines }));
    expect(source.sentences.at(-1)).toEqual({
      claim: 'tls',
      section: 'Everything',
      text: 'Every connection uses TLS.',
    });
    expect(source.attestations).toMatchObject([{ claim: 'soc-2', until: '2026-12-31' }]);
    expect(source.dates).toEqual({ 'penetration-test': '2026-06-30' });
    expect(source.introduction).toBe('What we do.');
    expect(parseSecuritySource(page().replaceAll('\n', '\r\n')).sentences).toHaveLength(ids.length);
  });

  test.each<[string, string, string]>([
    [
      'a sentence that is bound to nothing',
      page({ lines: [...without(''), '- We care.'] }),
      `line ${ids.length + 12}: “- We care.” is bound to no claim: end it with {#claim-id}.`,
    ],
    [
      'a paragraph among the sentences',
      page({ lines: [...without(''), '', 'We care.'] }),
      '“We care.” is bound to no claim: end it with {#claim-id}.',
    ],
    [
      'a security sentence in the introduction',
      page({ intro: 'We write.\nPasswords are hashed.' }),
      'line 9: “Passwords” is for a sentence that is bound to a claim: “Passwords are hashed.”',
    ],
    [
      'an unknown claim',
      page({ lines: [...without(''), '- We care. {#care}'] }),
      '“We care.” is bound to “care”, which is no claim.',
    ],
    [
      'a name that every object has',
      page({ lines: [...without(''), '- We care. {#constructor}'] }),
      '“We care.” is bound to “constructor”, which is no claim.',
    ],
    [
      'a claim that is made twice',
      page({ lines: [...without(''), '- Again. {#tls}'] }),
      'the claim “tls” is made 2 times.',
    ],
    [
      'a claim that is missing',
      page({ lines: without('tls') }),
      'no sentence makes the claim “tls”.',
    ],
    [
      'a boast',
      page({ intro: 'It is impossible to get in.' }),
      'line 8: “impossible” is more than any check can bear out: “It is impossible to get in.”',
    ],
    ...[
      'always',
      'certified',
      'bank-grade',
      'unhackable',
      '100 %',
      '100% secure',
      'SOC 2 compliant',
      'hack-proof',
      'state-of-the-art',
      'Guaranteed',
    ].map((word): [string, string, string] => [
      `“${word}”`,
      page({ lines: [...without('tls'), `- It is ${word}.\n  {#tls}`] }),
      'is more than any check can bear out',
    ]),
    ['no introduction', page({ intro: '' }), 'there is no introduction before the first section.'],
    ['no front matter', '# Security\n', 'it begins with front matter between two lines of ---.'],
    ['front matter that is no YAML', page({ front: 'dates: [\n' }), 'the front matter is not YAML'],
    [
      'a setting for a status',
      page({ front: `${head}statuses: { tls: verified }\n` }),
      'front matter, as a whole: “statuses” means nothing here.',
    ],
    [
      'a date that does not exist',
      page({ front: head.replace('dates: {}', 'dates: { soc-2: 2026-02-30 }') }),
      'front matter, dates.soc-2: there is no such day.',
    ],
    [
      'an attestation without an end',
      page({
        front: head.replace(
          'attestations: []',
          'attestations: [{ claim: tls, statement: a, by: b, basis: c, from: 2026-01-01 }]',
        ),
      }),
      'front matter, attestations.0.until',
    ],
    [
      'an attestation for longer than a year',
      page({
        front: head.replace(
          'attestations: []',
          'attestations: [{ claim: tls, statement: a, by: b, basis: c, from: 2026-01-01, until: 2027-02-01 }]',
        ),
      }),
      'front matter, attestations.0: it holds for more than a year.',
    ],
    [
      'an exception that one person made alone',
      page({
        front: head.replace(
          'exceptions: []',
          'exceptions: [{ claim: tls, reason: a, instead: b, requestedBy: me, approvedBy: me, until: 2026-02-01 }]',
        ),
      }),
      'front matter, exceptions.0: it needs two people.',
    ],
  ])('is rejected with %s', (_, text, fault) => {
    expect(faultsOf(text)).toHaveLength(1);
    expect(faultsOf(text)[0]).toMatch(/^security\.md: /);
    expect(faultsOf(text)[0]).toContain(fault);
  });
});
