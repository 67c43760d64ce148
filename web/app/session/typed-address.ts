/** The address that somebody typed on one screen, for the next one that asks for it. In memory only: no URL and no storage names it. */
let typed = '';

export function keepAddress(address: string): void {
  typed = address;
}

export function keptAddress(): string {
  return typed;
}
