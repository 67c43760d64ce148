import type { AnyRouter } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';

/** A screen with a single field has already set the focus. */
export function focusHeading(): void {
  if (document.activeElement?.matches('main input')) return;
  document.querySelector('h1')?.focus({ preventScroll: true });
}

/**
 * After a navigation within the app, focuses the page heading, so that screen readers start at the
 * top; or the heading of a section, if the link leads to one.
 */
export function focusHeadingAfterNavigation(router: AnyRouter): void {
  router.subscribe('onRendered', ({ fromLocation, toLocation, pathChanged, hashChanged }) => {
    if (!fromLocation || !(pathChanged || hashChanged)) return;
    const section = toLocation.hash === '' ? null : document.getElementById(toLocation.hash);
    if (section) section.focus({ preventScroll: true });
    else if (pathChanged) focusHeading();
  });
}

/** The same when a screen shows its next step without a navigation. */
export function useHeadingFocus(step: string): void {
  const before = useRef(step);
  useEffect(() => {
    if (before.current === step) return;
    before.current = step;
    focusHeading();
  }, [step]);
}
