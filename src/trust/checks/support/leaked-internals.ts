/** What a response must not disclose, and how it is recognised. ASVS 13.4.2, 16.5.1. */
const marks: readonly [what: string, mark: RegExp][] = [
  ['a stack trace', /\bat (?:async )?[\w.<>[\] ]+ \(|\n\s+at |:\d+:\d+\)/],
  [
    'a file path of the server',
    /file:\/\/|node_modules|node:internal|(?:^|["'\s(])\/(?:home|usr|var|srv|tmp|opt|app|root|work)\//,
  ],
  ['a query', /\bSELECT\b.+\bFROM\b|\bINSERT INTO\b|\bUPDATE\b.+\bSET\b|\bDELETE FROM\b/],
  [
    'the name of an internal component',
    /\b(?:sqlite\w*|libsql|mongo\w*|mongoose|hono|zod|bcrypt|undici|ECONNREFUSED|ENOENT)\b/i,
  ],
  ['the name of an internal error', /\b(?!Problem)[A-Z]\w*(?:Error|Exception)\b/],
];

export function leakedInternals(body: string): string[] {
  return marks.filter(([, mark]) => mark.test(body)).map(([what]) => what);
}
