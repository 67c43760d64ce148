import type { AnyRouter } from '@tanstack/react-router';

/** After a navigation within the app the heading has the focus, as a page that was loaded would be read from its top. */
export function focusHeadingAfterNavigation(router: AnyRouter): void {
  router.subscribe('onRendered', ({ fromLocation, pathChanged }) => {
    if (fromLocation && pathChanged) document.querySelector('h1')?.focus({ preventScroll: true });
  });
}
