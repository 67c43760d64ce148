import { useEffect, useRef, useState } from 'react';
import type { Act } from './act-dialog.tsx';

/** The action that waits for confirmation, and the result of the last one. */
export function useAsking() {
  const [act, setAct] = useState<Act>();
  const [last, setLast] = useState({ sentence: '', reports: 0 });
  const heading = useRef<HTMLHeadingElement>(null);
  // The pressed button may have disappeared with its row. The dialog restores the focus when it
  // closes, so this runs after that commit.
  useEffect(() => {
    if (last.reports > 0) heading.current?.focus();
  }, [last.reports]);
  return {
    act,
    done: last.sentence,
    heading,
    ask: setAct,
    leave: () => setAct(undefined),
    report(sentence: string) {
      setAct(undefined);
      setLast(({ reports }) => ({ sentence, reports: reports + 1 }));
    },
  };
}

export type Asking = ReturnType<typeof useAsking>;
