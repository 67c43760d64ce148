import { lazyRouteComponent } from '@tanstack/react-router';
import { loadPart } from '../../client/reachable.ts';

/**
 * A screen whose file is loaded when it is first shown. During an outage that fails with an error
 * that the app shows, and not with the browser’s own page.
 */
export const lazyScreen: typeof lazyRouteComponent = (load, name) =>
  lazyRouteComponent(() => loadPart(load), name);
