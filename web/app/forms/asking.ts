import { useEffect, useRef, useState } from 'react';
import type { Act } from './act-dialog.tsx';

/** What is about to be done, asked once more about, and how the last one went. */
export function useAsking() {
  const [act, setAct] = useState<Act>();
  const [last, setLast] = useState({ sentence: '', reports: 0 });
  const heading = useRef<HTMLHeadingElement>(null);
  // The button that was pressed may be gone with its row. The dialog gives the focus back as it closes, so this comes after that commit.
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
