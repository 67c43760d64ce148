/** RFC 5321 §4.5.3.1.3 allows a path of 256 octets, two of which are its brackets. */
export const longestEmail = 254;

/** Without the `u` flag, so that `i` only folds ASCII letters: the Kelvin sign does not match k. */
const localPart = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i;
const domainName =
  /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?!\d+$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])$/;

/**
 * Returns the normal form of an address: lower case, domain in punycode (RFC 5891), local part of ASCII atoms (RFC 5321
 * §4.1.2). Provider-specific variants such as `a.b@` and `a+x@` are kept. `null` if the input is not a single address.
 */
export function normalEmail(typed: string): string | null {
  if (typed.length > 320) return null;
  const at = typed.lastIndexOf('@');
  const local = typed.slice(0, at);
  if (at < 1 || local.length > 64 || !localPart.test(local)) return null;
  const domain = asciiDomain(typed.slice(at + 1));
  if (!domain || !domainName.test(domain)) return null;
  const email = `${local.toLowerCase()}@${domain}`;
  return email.length <= longestEmail ? email : null;
}

/** The URL parser is the one IDNA implementation that browsers and Node share. */
function asciiDomain(domain: string): string | null {
  if (!/^[\p{L}\p{M}\p{N}.-]+$/u.test(domain)) return null;
  return URL.canParse(`http://${domain}`) ? new URL(`http://${domain}`).hostname : null;
}
