import type { ReactNode } from 'react';
import { buttonClass, type ButtonLook } from './button-class.ts';

interface LinkButtonProps {
  href: string;
  children: ReactNode;
  look?: ButtonLook;
  wide?: boolean;
}

/** A place to go, looking like an act. */
export function LinkButton({ href, children, look = 'plain', wide = false }: LinkButtonProps) {
  return <a className={buttonClass(look, wide)} href={href}>{children}</a>;
}
