import { useSyncExternalStore } from 'react';

function everySecond(onTick: () => void): () => void {
  const timer = setInterval(onTick, 1000);
  return () => clearInterval(timer);
}

/** Whole seconds until an instant (in milliseconds), and 0 from then on. */
export function useCountdown(until: number): number {
  return useSyncExternalStore(everySecond, () =>
    Math.max(0, Math.ceil((until - Date.now()) / 1000)),
  );
}
