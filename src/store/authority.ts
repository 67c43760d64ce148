import { AsyncLocalStorage } from 'node:async_hooks';
import type { Store } from './port.ts';
import type { Authority, PrincipalState } from './port/authority.ts';
import { AuthorityLost } from './port/errors.ts';

const authorities = new AsyncLocalStorage<Authority>();

/**
 * Returns the same store on behalf of a principal: each write transaction first checks the authority, and without it
 * writes nothing. Only this function sets the authority and only the stores’ write primitives read it, so no operation
 * can skip the check (docs/decisions/015). Operations by other holders of the store, such as limits and the mail queue,
 * are not bound.
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
 * While an `AsyncLocalStorage` is enabled, Node 20 runs a hook for every promise of the process. After the first write,
 * session checks permanently took 50 % longer. So the storage is enabled only during an operation.
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

/**
 * The authority of the current operation, which a write primitive reads before its first `await`. `null` for the
 * system’s own operations.
 */
export function currentAuthority(): Authority | null {
  return authorities.getStore() ?? null;
}

/** @throws AuthorityLost */
export function requireAuthority(authority: Authority, state: PrincipalState | null): void {
  if (state === null || !authority.permits(state))
    throw new AuthorityLost('The principal may no longer write this.');
}
