import type { ReactNode } from 'react';
import { buttonClass, type ButtonLook } from './button-class.ts';

interface LinkButtonProps {
  href: string;
  children: ReactNode;
  look?: ButtonLook;
  wide?: boolean;
  /** The name of the file that this is saved as. */
  download?: string;
  /** Beside this page, which stays. */
  newTab?: boolean;
}

/** A place to go, looking like an act. */
export function LinkButton({
  href,
  children,
  look = 'plain',
  wide = false,
  download,
  newTab = false,
}: LinkButtonProps) {
  return (
    <a
      className={buttonClass(look, wide)}
      href={href}
      download={download}
      target={newTab ? '_blank' : undefined}
    >
      {children}
    </a>
  );
}
