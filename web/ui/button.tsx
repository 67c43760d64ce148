import type { MouseEvent, ReactNode } from 'react';
import { buttonClass, type ButtonLook } from './button-class.ts';

interface ButtonProps {
  children: ReactNode;
  type?: 'button' | 'submit';
  look?: ButtonLook;
  wide?: boolean;
  /**
   * The step in progress, such as "Creating…". It replaces the label, and the button does nothing.
   */
  busy?: string | undefined;
  /** Disabled, but still focusable. */
  off?: boolean;
  describedBy?: string | undefined;
  onPress?: (() => void) | undefined;
}

export function Button({
  children,
  type = 'button',
  look = 'plain',
  wide = false,
  busy,
  off = false,
  describedBy,
  onPress,
}: ButtonProps) {
  const idle = busy !== undefined || off;
  const press = idle ? (event: MouseEvent) => event.preventDefault() : onPress;
  return (
    <button
      type={type}
      className={buttonClass(look, wide)}
      aria-disabled={idle || undefined}
      aria-describedby={describedBy}
      onClick={press}
    >
      {busy === undefined ? (
        children
      ) : (
        <>
          <span className="fc-spinner" aria-hidden="true" />
          {busy}
        </>
      )}
    </button>
  );
}
