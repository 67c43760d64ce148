import type { AnyRouter } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';

/** A screen that asks for one thing has put the focus there already. */
function focusHeading(): void {
  if (document.activeElement?.matches('main input')) return;
  document.querySelector('h1')?.focus({ preventScroll: true });
}

/** After a navigation within the app the heading has the focus, as a page that was loaded would be read from its top; the heading of a section where the link leads to one. */
export function focusHeadingAfterNavigation(router: AnyRouter): void {
  router.subscribe('onRendered', ({ fromLocation, toLocation, pathChanged, hashChanged }) => {
    if (!fromLocation || !(pathChanged || hashChanged)) return;
    const section = toLocation.hash === '' ? null : document.getElementById(toLocation.hash);
    if (section) section.focus({ preventScroll: true });
    else if (pathChanged) focusHeading();
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
