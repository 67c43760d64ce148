import { Icon, type IconName } from './icon.tsx';
import { messages } from './messages.ts';
import { lookOf, type PasswordLook } from './password-look.ts';

const icons: Record<PasswordLook, IconName> = {
  short: 'in-progress',
  simple: 'warning',
  enough: 'verified',
  varied: 'verified',
};

/**
 * Assesses the password while it is typed. The count is silent: a screen reader announces changes
 * of the sentence only.
 */
export function PasswordHint({ password, minLength }: { password: string; minLength: number }) {
  const look = password === '' ? null : lookOf(password, minLength);
  return (
    <p className={`fc-password-hint fc-password-${look ?? 'none'}`}>
      {look !== null && <Icon name={icons[look]} />}
      <span aria-live="polite">{look !== null && messages.password.looks[look]}</span>
      {look === 'short' && (
        <span aria-hidden="true">{messages.password.count([...password].length, minLength)}</span>
      )}
    </p>
  );
}
