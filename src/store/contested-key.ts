/**
 * What an account is kept under, in place of its address, while another account has that. It is unique and no address, so that
 * nobody signs in, recovers or signs up by it; and it sorts and is searched for like the address.
 */
export function contestedKey(email: string, accountId: string): string {
  return `${email} ${accountId}`;
}
