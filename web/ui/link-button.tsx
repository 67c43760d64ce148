import type { ReactNode } from 'react';
import { buttonClass, type ButtonLook } from './button-class.ts';

interface LinkButtonProps {
  href: string;
  children: ReactNode;
  look?: ButtonLook;
  wide?: boolean;
  /** The file name for the download. */
  download?: string;
  /** Opens in a new tab. */
  newTab?: boolean;
}

/** A link that looks like a button. */
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
