import type { Route } from '../../probe/check-context.ts';
import type { CheckRequest } from '../../probe/exchange.ts';

/** A request to this route, with `id` for each path parameter, and an empty body where one is allowed. */
export function requestFor({ method, path }: Route, id: string): CheckRequest {
  return {
    method,
    path: path.replaceAll(/:\w+/g, encodeURIComponent(id)),
    ...(method !== 'GET' && { json: {} }),
  };
}

export function hasParameter({ path }: Route): boolean {
  return path.includes(':');
}
