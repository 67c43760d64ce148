/** A parsed `Set-Cookie` header. RFC 6265 §4.1. */
export interface SetCookie {
  name: string;
  value: string;
  /** By lower-case name; flags have an empty value. */
  attributes: ReadonlyMap<string, string>;
}

export function parseSetCookie(header: string): SetCookie {
  const [pair = '', ...rest] = header.split(';').map((part) => part.trim());
  const [name, value] = halves(pair);
  return {
    name,
    value,
    attributes: new Map(rest.map(halves).map(([key, said]) => [key.toLowerCase(), said])),
  };
}

/** The same header without one attribute. */
export function withoutAttribute(header: string, attribute: string): string {
  const [pair = '', ...rest] = header.split(';');
  return [
    pair,
    ...rest.filter((part) => halves(part.trim())[0].toLowerCase() !== attribute.toLowerCase()),
  ].join(';');
}

/** What browsers require of cookies with these name prefixes. */
const prefixes: readonly [prefix: string, holds: (cookie: SetCookie) => boolean][] = [
  ['__secure-', ({ attributes }) => attributes.has('secure')],
  [
    '__host-',
    ({ attributes }) =>
      attributes.has('secure') && attributes.get('path') === '/' && !attributes.has('domain'),
  ],
];
const maxBytes = 4_096;

/** Whether a browser accepts the header from this host. RFC 6265bis §5.6, §5.7. */
export function browsersKeep(header: string, host: string): boolean {
  const cookie = parseSetCookie(header);
  const { name, value, attributes } = cookie;
  const domain = attributes.get('domain')?.toLowerCase().replace(/^\./, '') ?? '';
  const isPlain =
    /^[\t\x20-\x7e\x80-\xff]*$/.test(header) &&
    name !== '' &&
    Buffer.byteLength(name + value) <= maxBytes;
  const isOurs =
    domain === '' || domain === host || (host.endsWith(`.${domain}`) && domain.includes('.'));
  const isSent = attributes.get('samesite')?.toLowerCase() !== 'none' || attributes.has('secure');
  return (
    isPlain &&
    isOurs &&
    isSent &&
    prefixes.every(([prefix, holds]) => !name.toLowerCase().startsWith(prefix) || holds(cookie))
  );
}

/** A browser’s cookie store. */
export function makeJar() {
  const cookies = new Map<string, string>();
  return {
    keep(headers: readonly string[]) {
      for (const { name, value, attributes } of headers.map(parseSetCookie)) {
        if (value === '' || Number(attributes.get('max-age') ?? 1) <= 0) cookies.delete(name);
        else cookies.set(name, value);
      }
    },
    all: (): ReadonlyMap<string, string> => cookies,
    header: (): string | null =>
      cookies.size === 0
        ? null
        : [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
  };
}

function halves(pair: string): [string, string] {
  const at = pair.indexOf('=');
  return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
}
