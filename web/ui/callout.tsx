import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';

type Tone = 'info' | 'good' | 'warn' | 'danger';

const icons: Record<Tone, IconName> = {
  info: 'info',
  good: 'verified',
  warn: 'warning',
  danger: 'failing',
};

interface CalloutProps {
  children: ReactNode;
  tone?: Tone;
  title?: string;
  /** `alert` for an error, `status` for a success. */
  role?: 'alert' | 'status';
  /** Takes the focus, because it replaces the pressed element. */
  takesFocus?: boolean;
}

export function Callout({
  children,
  tone = 'info',
  title,
  role,
  takesFocus = false,
}: CalloutProps) {
  return (
    <div
      className={`fc-callout fc-callout-${tone}`}
      role={role}
      ref={takesFocus ? focusIt : undefined}
      tabIndex={takesFocus ? -1 : undefined}
    >
      <Icon name={icons[tone]} />
      <div className="fc-callout-body">
        {title !== undefined && <p className="fc-callout-title">{title}</p>}
        {children}
      </div>
    </div>
  );
}

function focusIt(element: HTMLElement | null): void {
  element?.focus();
}
