import { useId } from 'react';
import { Checkbox } from '../../ui/checkbox.tsx';
import { messages } from '../messages.ts';

const t = messages.factors;

interface EndOthersProps {
  checked: boolean;
  onChange: (checked: boolean) => void;
}

/**
 * When the first factor is added, sessions without a second factor end unless the user keeps them.
 */
export function EndOthers({ checked, onChange }: EndOthersProps) {
  const hint = useId();
  return (
    <div className="fc-stack fc-stack-tight">
      <Checkbox
        label={t.endOthers}
        aria-describedby={hint}
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
      />
      <p className="fc-muted" id={hint}>
        {t.endOthersHint}
      </p>
    </div>
  );
}
