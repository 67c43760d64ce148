/** The domain of an address, stored next to it so that a domain is found by equality. */
export function domainOf(email: string): string {
  return email.slice(email.lastIndexOf('@') + 1);
}

/** A name in the form used for searching. */
export function nameKeyOf(name: string): string {
  return name.toLowerCase();
}

/**
 * The key of an account whose address another account has. It is unique and not an address, so it cannot be used to
 * sign in, recover or sign up. It sorts and is searched like the address.
 */
export function contestedKey(email: string, accountId: string): string {
  return `${email} ${accountId}`;
}
