/** The domain of an address, kept beside it so that a domain is found by equality. */
export function domainOf(email: string): string {
  return email.slice(email.lastIndexOf('@') + 1);
}

/** A name as it is searched by. */
export function nameKeyOf(name: string): string {
  return name.toLowerCase();
}

/**
 * What an account is kept under, in place of its address, while another account has that. It is unique and no address, so that
 * nobody signs in, recovers or signs up by it; and it sorts and is searched for like the address.
 */
export function contestedKey(email: string, accountId: string): string {
  return `${email} ${accountId}`;
}
