import { setupIds, type SetupId } from './setup.ts';

/**
 * The steps that an operator has skipped, in a cookie of this browser: signing out clears storage,
 * and a skipped step is no secret.
 */
const name = 'flowcept-setup-skipped';
const year = 365 * 24 * 60 * 60;

export function readSkipped(): SetupId[] {
  const value = new RegExp(`(?:^|; )${name}=([^;]*)`).exec(document.cookie)?.[1] ?? '';
  return setupIds.filter((id) => value.split('.').includes(id));
}

export function keepSkipped(ids: readonly SetupId[]): void {
  const secure = window.location.protocol === 'https:' ? '; Secure' : '';
  document.cookie = `${name}=${ids.join('.')}; Path=/home; Max-Age=${year}; SameSite=Strict${secure}`;
}
