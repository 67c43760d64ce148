import type { ComponentProps } from 'react';

export type InputProps = Omit<ComponentProps<'input'>, 'className' | 'style'>;

export function Input(props: InputProps) {
  return <input className="fc-input" {...props} />;
}
