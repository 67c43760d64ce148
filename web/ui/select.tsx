import type { ComponentProps } from 'react';

export type SelectProps = Omit<ComponentProps<'select'>, 'className' | 'style'>;

export function Select(props: SelectProps) {
  return <select className="fc-input fc-select" {...props} />;
}
