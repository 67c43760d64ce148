import type { Config } from '../config.ts';
import { Problem } from '../problems.ts';

/**
 * Served for any `Host`, because the caller is a machine on the same network. So are built files, which the page about
 * a wrong host needs.
 */
export const probes: ReadonlySet<string> = new Set(['/healthz', '/readyz']);

/** RFC 9110 §4.2.3: a host with the scheme’s default port is the host without one. */
const defaultPorts: Record<string, RegExp> = { 'http:': /:80$/, 'https:': /:443$/ };

/**
 * Serves only requests for the configured host, so that no link, redirect or cookie is created for another one. Behind
 * a trusted proxy, `X-Forwarded-Host` replaces `Host`. RFC 9110 §15.5.20; ASVS 4.1.3.
 * @throws Problem `wrong-host` with `asked` and `configured`
 */
export function checkHost(
  request: Request,
  { publicUrl, trustProxy }: Pick<Config, 'publicUrl' | 'trustProxy'>,
): void {
  const { headers } = request;
  const forwarded =
    trustProxy > 0
      ? headers.get('x-forwarded-host')?.split(',').at(-trustProxy)?.trim()
      : undefined;
  const asked = forwarded ?? headers.get('host') ?? new URL(request.url).host;
  const named = asked.toLowerCase().replace(defaultPorts[publicUrl.protocol] ?? '', '');
  if (named === publicUrl.host) return;
  throw new Problem('wrong-host', {
    detail: `This server is ${publicUrl.host}. Set PUBLIC_URL to serve it under a different name.`,
    members: { asked: asked.slice(0, 253), configured: publicUrl.origin },
  });
}
