import type { Route } from '../../probe/check-context.ts';
import type { CheckRequest } from '../../probe/exchange.ts';

/** A request to this route: `id` in place of each of its parameters, and an empty body where there may be one. */
export function askOf({ method, path }: Route, id: string): CheckRequest {
  return {
    method,
    path: path.replaceAll(/:\w+/g, encodeURIComponent(id)),
    ...(method !== 'GET' && { json: {} }),
  };
}

export function hasParameter({ path }: Route): boolean {
  return path.includes(':');
}
