import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

/** What each folder may import besides itself, types and values alike. Imports only point downward. */
const base = [
  'records.ts',
  'records',
  'problems.ts',
  'api',
  'environment.ts',
  'config.ts',
  'clock.ts',
  'cookies.ts',
  'log.ts',
  'once.ts',
  'package-root.ts',
  'source-positions.ts',
  'system-error.ts',
  'canary-addresses.ts',
  'store/port',
  'store/port.ts',
];
const infrastructure = [...base, 'store/authority.ts', 'crypto', 'mail', 'ratelimit', 'audit'];
const feature = [...infrastructure, 'services.ts', 'http'];
const layers: Record<string, readonly string[]> = {
  'records.ts': [],
  records: ['records.ts'],
  'problems.ts': [],
  'clock.ts': [],
  'cookies.ts': [],
  'once.ts': [],
  'package-root.ts': [],
  'system-error.ts': [],
  api: ['records.ts', 'records', 'problems.ts'],
  'environment.ts': [],
  'config.ts': ['records.ts', 'records', 'api', 'environment.ts'],
  'source-positions.ts': ['package-root.ts'],
  'log.ts': ['config.ts', 'source-positions.ts'],
  'store/port': ['records.ts', 'records'],
  'store/port.ts': ['store/port'],
  'store/authority.ts': ['records.ts', 'records', 'store/port', 'store/port.ts'],
  'store/keys.ts': [],
  'canary-addresses.ts': [
    'records.ts',
    'records',
    'clock.ts',
    'problems.ts',
    'store/port',
    'store/port.ts',
    'store/keys.ts',
  ],
  'store/libsql': [
    'records.ts',
    'records',
    'clock.ts',
    'store/port',
    'store/port.ts',
    'store/authority.ts',
    'store/keys.ts',
  ],
  'store/mongo': [
    'records.ts',
    'records',
    'clock.ts',
    'store/port',
    'store/port.ts',
    'store/authority.ts',
    'store/keys.ts',
  ],
  'store/open-store.ts': [
    'environment.ts',
    'config.ts',
    'store/port',
    'store/port.ts',
    'store/libsql',
    'store/mongo',
  ],
  'store/contract': [
    'records.ts',
    'records',
    'clock.ts',
    'store/port',
    'store/port.ts',
    'store/authority.ts',
    'store/libsql',
    'store/mongo',
    'test',
  ],
  crypto: base,
  mail: [...base, 'crypto'],
  ratelimit: [...base, 'crypto'],
  audit: [...base, 'crypto', 'mail', 'ratelimit', 'services.ts'],
  'services.ts': infrastructure,
  // Pages are rendered with the same components as the app.
  http: [...infrastructure, 'services.ts', 'web'],
  challenges: feature,
  sessions: [...feature, 'challenges'],
  'two-factor': [...feature, 'challenges', 'sessions'],
  accounts: [...feature, 'challenges', 'sessions', 'two-factor'],
  oauth: [...feature, 'sessions'],
  operators: [...feature, 'sessions'],
  'trust/claims': base,
  'trust/probe': [...infrastructure, 'http', 'trust/claims'],
  'trust/checks': [...base, 'trust/claims', 'trust/probe'],
  'trust/evidence-log': [...base, 'crypto', 'trust/claims', 'trust/probe'],
  'trust/runs': [...feature, 'trust/claims', 'trust/probe', 'trust/evidence-log'],
  'trust/page': [
    ...feature,
    'web',
    'trust/claims',
    'trust/probe',
    'trust/checks',
    'trust/evidence-log',
    'trust/runs',
  ],
  'trust/verify': [
    ...base,
    'crypto',
    'trust/claims',
    'trust/probe',
    'trust/checks',
    'trust/evidence-log',
    'trust/page',
  ],
  trust: [
    ...feature,
    'trust/claims',
    'trust/probe',
    'trust/checks',
    'trust/evidence-log',
    'trust/runs',
    'trust/page',
  ],
  server: ['*'],

  sandbox: ['*'],
  cli: ['*'],
  deployment: ['*'],
  'app.ts': ['*'],
  'pages.tsx': ['*'],
  web: ['api', 'problems.ts'],
};

/** Maximum number of sources in one folder, and of lines in one source. */
const maxFiles = 20;
const maxLines = 250;
/** Folders with more sources, and why; `null`: no limit. */
const largerFolders: Record<string, { max: number | null; reason: string }> = {
  'src/trust/checks': { max: null, reason: 'one file a check' },
  'src/store/libsql': { max: null, reason: 'an adapter, read beside the other one' },
  'src/store/mongo': { max: null, reason: 'an adapter, read beside the other one' },
  'src/store/contract': { max: null, reason: 'one file a group of the port' },
  'web/ui': { max: null, reason: 'one file a component' },
  'web/pages': { max: 25, reason: 'one file a page and its parts' },
  'src/accounts': { max: 24, reason: 'one file a use-case' },
  'src/http': { max: 25, reason: 'still to be divided' },
};
/** Sources that are long by their nature. */
const longByNature: readonly [RegExp, string][] = [
  [/^src\/store\/contract\//, 'tests of both stores'],
  [/\/messages\.ts$/, 'a catalogue of texts'],
  [/^src\/store\/libsql\/migrations\.ts$/, 'released steps, which never change'],
];

const root = resolve(import.meta.dirname, '..');
const sources = [...filesBelow('src'), ...filesBelow('web')].filter(
  (file) => !/\.test\.tsx?$/.test(file),
);
const text = new Map(sources.map((file) => [file, readFileSync(join(root, file), 'utf8')]));

interface Import {
  from: string;
  to: string;
  typesOnly: boolean;
}
const imports = sources.flatMap(importsOf);
const values = imports.filter(({ typesOnly }) => !typesOnly);

describe('the architecture', () => {
  it('assigns every file to a folder', () => {
    expect(sources.filter((file) => !placeOf(file))).toEqual([]);
  });

  it('limits the number of files in a folder', () => {
    const sizes = new Map<string, number>();
    for (const folder of sources.map(dirname)) sizes.set(folder, (sizes.get(folder) ?? 0) + 1);
    const large = [...sizes].filter(([folder, size]) => {
      const { max } = largerFolders[folder] ?? { max: maxFiles };
      return max !== null && size > max;
    });
    expect(large).toEqual([]);
  });

  it('limits the number of lines in a file', () => {
    const long = sources
      .filter((file) => !longByNature.some(([pattern]) => pattern.test(file)))
      .map((file): [string, number] => [file, lineCountOf(file)])
      .filter(([, lines]) => lines > maxLines);
    expect(long).toEqual([]);
  });

  it('has no exception for a folder that has become small', () => {
    expect(
      Object.keys(largerFolders).filter(
        (folder) => sources.filter((file) => dirname(file) === folder).length <= maxFiles,
      ),
    ).toEqual([]);
  });

  it('allows downward imports only', () => {
    expect(
      imports.filter((one) => !isAllowed(one)).map(({ from, to }) => `${from} → ${to}`),
    ).toEqual([]);
  });

  it('has no cycles', () => {
    expect(cycles()).toEqual([]);
  });

  it('begins sessions in one file only', () => {
    expect(featuresThatMatch(/\binsertSession\b/)).toEqual(['src/sessions/begin-session.ts']);
  });

  it('begins sessions without a second factor for new accounts only', () => {
    const settled = ['src/accounts/claim-operator.ts', 'src/accounts/verify-email.ts'];
    expect(featuresThatMatch(/factor: 'settled'/).toSorted()).toEqual(settled);
  });

  it('writes headers in http alone: use-cases return the cookies that they set', () => {
    const places = /^src\/(accounts|challenges|oauth|operators|sessions|two-factor)\//;
    expect(featuresThatMatch(/Set-Cookie|\bHeaders\b/).filter((file) => places.test(file))).toEqual(
      [],
    );
    expect(
      imports
        .filter(({ from, to }) => places.test(from) && to === 'src/http/cookie-headers.ts')
        .map(({ from, to }) => `${from} → ${to}`),
    ).toEqual([]);
  });

  it('checks the authority of a write in the write primitives of the stores only', () => {
    const asking = sources.filter((file) => /\bcurrentAuthority\(/.test(text.get(file) ?? ''));
    expect(asking.toSorted()).toEqual([
      'src/store/authority.ts',
      'src/store/libsql/transaction.ts',
      'src/store/mongo/transaction.ts',
    ]);
  });

  it('binds the store to its principal wherever one is looked up', () => {
    // Needed for signing out.
    const unbound = ['src/sessions/routes.ts'];
    const authenticating = featuresThatMatch(/\bauthenticate\((?!token)/).filter(
      (file) => file !== 'src/sessions/authenticate.ts',
    );
    const binding = featuresThatMatch(/\bonBehalfOf\(/);
    expect(authenticating.filter((file) => !binding.includes(file)).toSorted()).toEqual(unbound);
  });

  it('lets a session that must enrol a factor use a fixed list of endpoints only', () => {
    const allowed = [
      'src/accounts/change-email.ts',
      'src/accounts/own-account-routes.ts',
      'src/http/serve-endpoint.ts',
      'src/oauth/connect.ts',
      'src/oauth/routes.ts',
      'src/sessions/routes.ts',
      'src/two-factor/routes.ts',
    ];
    expect(featuresThatMatch(/whileEnrolling: true/).toSorted()).toEqual(allowed);
  });

  it('creates sealed values and hashes in their own modules only', () => {
    const makers = featuresThatMatch(/\bas (Sealed|Hashed|PasswordHash)\b/).filter(
      (file) => !file.startsWith('src/crypto/'),
    );
    expect(makers).toEqual(['src/accounts/password.ts']);
  });

  it('has no barrels, no default exports and no type escapes', () => {
    const broken = sources.filter((file) =>
      /^export \* from|^export default|: any\b|<any>|@ts-(ignore|nocheck)/m.test(
        text.get(file) ?? '',
      ),
    );
    expect(broken).toEqual([]);
  });

  it('checks import nothing that they check', () => {
    const features = /^src\/(accounts|sessions|challenges|oauth|sandbox|app|wire)/;
    expect(
      values.filter(({ from, to }) => from.startsWith('src/trust/checks/') && features.test(to)),
    ).toEqual([]);
  });
});

function lineCountOf(file: string): number {
  return (text.get(file) ?? '').split('\n').length - 1;
}

function filesBelow(directory: string): string[] {
  return readdirSync(join(root, directory), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

function importsOf(from: string): Import[] {
  const statements = (text.get(from) ?? '').matchAll(
    /^(?:import|export)\s+(type\s)?[^;'"]*?from\s+['"](\.[^'"]+)['"]|import\(['"](\.[^'"]+)['"]\)/gm,
  );
  return [...statements].map(([, type, path, lazy]) => ({
    from,
    to: relative(root, resolve(root, dirname(from), path ?? lazy ?? '')),
    typesOnly: type !== undefined,
  }));
}

/** Returns the longest entry of the table that covers this file. */
function placeOf(file: string): string | undefined {
  const inside = file.replace(/^src\//, '');
  return Object.keys(layers)
    .filter((place) => inside === place || inside.startsWith(`${place}/`))
    .sort((a, b) => b.length - a.length)[0];
}

function isAllowed({ from, to }: Import): boolean {
  const here = placeOf(from);
  const there = placeOf(to) ?? to.split('/')[0] ?? '';
  if (here === undefined || here === there || to.endsWith('.css')) return true;
  return (layers[here] ?? []).some((allowed) => allowed === '*' || allowed === there);
}

function cycles(): string[] {
  const graph = new Map(
    sources.map((file) => [file, values.filter(({ from }) => from === file).map(({ to }) => to)]),
  );
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) found.push([...path.slice(path.indexOf(file)), file].join(' → '));
    if (path.includes(file) || done.has(file)) return;
    for (const to of graph.get(file) ?? []) visit(to, [...path, file]);
    done.add(file);
  };
  for (const file of sources) visit(file, []);
  return found;
}

function featuresThatMatch(pattern: RegExp): string[] {
  return sources.filter(
    (file) =>
      file.startsWith('src/') &&
      !file.startsWith('src/store/') &&
      pattern.test(text.get(file) ?? ''),
  );
}
