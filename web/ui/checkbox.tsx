import type { InputProps } from './input.tsx';

export function Checkbox({ label, ...props }: Omit<InputProps, 'type'> & { label: string }) {
  return (
    <label className="fc-checkbox">
      <input type="checkbox" {...props} />
      <span>{label}</span>
    </label>
  );
}
