/** hardening.md §3, “Headers on every response”. ASVS 3.4. */
const always: [string, string][] = [
  ['X-Content-Type-Options', 'nosniff'],
  ['Referrer-Policy', 'no-referrer'],
  ['Cross-Origin-Opener-Policy', 'same-origin'],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
  ['X-Frame-Options', 'DENY'],
  [
    'Permissions-Policy',
    'camera=(), microphone=(), geolocation=(), payment=(), usb=(), publickey-credentials-get=(self), publickey-credentials-create=(self)',
  ],
];

const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "object-src 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types default',
];
const dataPolicy = "default-src 'none'; frame-ancestors 'none'; sandbox";
const strictTransport: [string, string] = [
  'Strict-Transport-Security',
  'max-age=63072000; includeSubDomains',
];

/** The headers of every response. HSTS is sent over TLS only: RFC 6797 §7.2. */
export interface SecurityHeaders {
  /**
   * Creates a JSON response with the headers. They are built once instead of per response, because most responses are
   * JSON.
   */
  data(content: unknown, status: number): Response;
  /** Adds the headers to a response that lacks them. */
  complete(answer: Response): void;
}

export function makeSecurityHeaders({ secure }: { secure: boolean }): SecurityHeaders {
  const headers = secure ? [...always, strictTransport] : always;
  const forPages = [...pagePolicy, ...(secure ? ['upgrade-insecure-requests'] : [])].join('; ');
  const ofData = Object.fromEntries([
    ...headers,
    ['Content-Security-Policy', dataPolicy],
    ['Cache-Control', 'no-store'],
    ['Content-Type', 'application/json'],
  ]);
  const bornWithThem = new WeakSet<Response>();

  return {
    data(content, status) {
      const answer = new Response(JSON.stringify(content), { status, headers: ofData });
      bornWithThem.add(answer);
      return answer;
    },
    complete(answer) {
      if (bornWithThem.has(answer)) return;
      const { headers: own } = answer;
      for (const [name, value] of headers) own.set(name, value);
      own.set(
        'Content-Security-Policy',
        own.get('Content-Type')?.startsWith('text/html') ? forPages : dataPolicy,
      );
      if (!own.has('Cache-Control')) own.set('Cache-Control', 'no-store');
    },
  };
}
