/**
 * The email address that was typed on one screen, for the next one that asks for it. It is kept in
 * memory only, never in a URL or in storage.
 */
let typed = '';

export function keepAddress(address: string): void {
  typed = address;
}

export function keptAddress(): string {
  return typed;
}
