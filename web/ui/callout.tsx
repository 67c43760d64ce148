import type { ReactNode, Ref } from 'react';
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
  /** With a ref, the element can take the focus. */
  ref?: Ref<HTMLDivElement> | undefined;
}

export function Callout({ children, tone = 'info', title, role, ref }: CalloutProps) {
  return (
    <div
      className={`fc-callout fc-callout-${tone}`}
      role={role}
      ref={ref}
      tabIndex={ref ? -1 : undefined}
    >
      <Icon name={icons[tone]} />
      <div className="fc-callout-body">
        {title !== undefined && <p className="fc-callout-title">{title}</p>}
        {children}
      </div>
    </div>
  );
}
