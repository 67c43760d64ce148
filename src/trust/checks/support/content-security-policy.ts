import type { CheckResponse } from '../../probe/exchange.ts';

export type Policy = ReadonlyMap<string, readonly string[]>;

/** Content Security Policy Level 3 §2.2.1: the first of duplicate directives counts. */
export function policyOf({ headers }: CheckResponse): Policy {
  const policy = new Map<string, readonly string[]>();
  for (const part of (headers['content-security-policy'] ?? '').split(';')) {
    const [name = '', ...sources] = part.trim().toLowerCase().split(/\s+/);
    if (!policy.has(name)) policy.set(name, sources);
  }
  return policy;
}

export function isPage({ headers }: CheckResponse): boolean {
  return headers['content-type']?.startsWith('text/html') ?? false;
}

export function isOpen(policy: Policy, answer: CheckResponse): boolean {
  const sources = [
    'script-src',
    'script-src-elem',
    'script-src-attr',
    'style-src',
    'style-src-elem',
    'style-src-attr',
  ].flatMap((name) => policy.get(name) ?? []);
  return isPage(answer) && sources.some((source) => !["'self'", "'none'"].includes(source));
}

export function isLoose(policy: Policy, answer: CheckResponse): boolean {
  const wanted: [string, string][] = [
    ['form-action', "'self'"],
    ['base-uri', "'none'"],
    ['object-src', "'none'"],
    ['require-trusted-types-for', "'script'"],
  ];
  return isPage(answer) && wanted.some(([name, source]) => policy.get(name)?.join(' ') !== source);
}
