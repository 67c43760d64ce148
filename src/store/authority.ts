import { AsyncLocalStorage } from 'node:async_hooks';
import type { Store } from './port.ts';
import type { Authority, PrincipalState } from './port/authority.ts';
import { AuthorityLost } from './port/errors.ts';

const authorities = new AsyncLocalStorage<Authority>();

/**
 * The same store on behalf of a principal: each of its write transactions begins by checking the authority, and writes nothing
 * without it. Only this sets the authority, and only the stores' write primitives read it, so no operation can forget it:
 * docs/decisions/015. What others hold of the store, such as limits and the mail queue, is not bound.
 */
export function onBehalfOf(store: Store, authority: Authority): Store {
  return new Proxy(store, {
    get(target, name, receiver) {
      const member: unknown = Reflect.get(target, name, receiver);
      if (typeof member !== 'function') return member;
      return (...input: unknown[]): unknown =>
        runAs(authority, () => Reflect.apply(member, target, input));
    },
  });
}

let running = 0;

/**
 * While a store of asynchronous context is enabled, Node 20 runs a hook for every promise of the process: a session check took
 * half as long again, for good, once one write had been made. So it is enabled only while an operation is under way.
 */
function runAs(authority: Authority, operation: () => unknown): unknown {
  running += 1;
  const end = () => {
    running -= 1;
    if (running === 0) authorities.disable();
  };
  let result: unknown;
  try {
    result = authorities.run(authority, operation);
  } catch (error) {
    end();
    throw error;
  }
  if (result instanceof Promise) return result.finally(end);
  end();
  return result;
}

/** Of the operation that is being called; a write primitive asks before it waits for anything. `null`: the system's own. */
export function currentAuthority(): Authority | null {
  return authorities.getStore() ?? null;
}

/** @throws AuthorityLost */
export function requireAuthority(authority: Authority, state: PrincipalState | null): void {
  if (state === null || !authority.permits(state))
    throw new AuthorityLost('The principal may not write this any more.');
}
