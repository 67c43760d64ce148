import { useId, type ReactNode } from 'react';
import { Icon } from './icon.tsx';

/** Attributes for the control, so that its label, hint and error are read with it. */
interface FieldWiring {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': true | undefined;
}

interface FieldProps {
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
  children: (wiring: FieldWiring) => ReactNode;
}

/** A label, its control, a hint and an error. */
export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  const hintId = hint === undefined ? undefined : `${id}-hint`;
  const errorId = error === undefined ? undefined : `${id}-error`;
  const describedBy = [errorId, hintId].filter((part) => part !== undefined).join(' ');
  return (
    <div className="fc-field">
      <label className="fc-label" htmlFor={id}>
        {label}
      </label>
      {hintId !== undefined && (
        <p className="fc-hint" id={hintId}>
          {hint}
        </p>
      )}
      {children({
        id,
        'aria-describedby': describedBy === '' ? undefined : describedBy,
        'aria-invalid': errorId === undefined ? undefined : true,
      })}
      {errorId !== undefined && (
        <p className="fc-error" id={errorId}>
          <Icon name="failing" />
          <span>{error}</span>
        </p>
      )}
    </div>
  );
}
