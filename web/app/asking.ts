import { useRef, useState } from 'react';
import type { Act } from './act-dialog.tsx';

/** What is about to be done, asked once more about, and how the last one went. */
export function useAsking() {
  const [act, setAct] = useState<Act>();
  const [done, setDone] = useState('');
  const heading = useRef<HTMLHeadingElement>(null);
  return {
    act,
    done,
    heading,
    ask: setAct,
    leave: () => setAct(undefined),
    /** The button that was pressed may be gone with its row: the focus goes to the heading. */
    report(sentence: string) {
      setAct(undefined);
      setDone(sentence);
      // The dialog gives the focus back when it closes; only after that it can be taken elsewhere.
      setTimeout(() => heading.current?.focus());
    },
  };
}

export type Asking = ReturnType<typeof useAsking>;
