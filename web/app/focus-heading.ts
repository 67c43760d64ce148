import type { AnyRouter } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';

/** A screen that asks for one thing has put the focus there already. */
function focusHeading(): void {
  if (document.activeElement?.matches('main input')) return;
  document.querySelector('h1')?.focus({ preventScroll: true });
}

/** After a navigation within the app the heading has the focus, as a page that was loaded would be read from its top. */
export function focusHeadingAfterNavigation(router: AnyRouter): void {
  router.subscribe('onRendered', ({ fromLocation, pathChanged }) => {
    if (fromLocation && pathChanged) focusHeading();
  });
}

/** The same where one screen goes on to its next step without a navigation. */
export function useHeadingFocus(step: string): void {
  const before = useRef(step);
  useEffect(() => {
    if (before.current === step) return;
    before.current = step;
    focusHeading();
  }, [step]);
}
