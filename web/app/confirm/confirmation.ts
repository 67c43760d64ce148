import { useSyncExternalStore } from 'react';
import { providers, type Provider } from '../../../src/api/providers.ts';
import { type FactorMethod, factorMethods } from '../../../src/api/sessions.ts';
import { ApiProblem, isProblem } from '../../client/problem.ts';
import { messages } from '../messages.ts';

/** Connects requests that require re-authentication with the app’s one dialog that asks for it. */

export type ProofMethod = FactorMethod | 'password' | Provider;

export interface Asked {
  methods: ProofMethod[];
  given: () => void;
  givenUp: () => void;
}

const known: readonly ProofMethod[] = ['password', ...factorMethods, ...providers];
const listeners = new Set<() => void>();
let asked: (Asked & { answer: Promise<void> }) | null = null;

/**
 * The methods of re-authentication offered by the server; `null` if the request failed for another
 * reason.
 */
export function proofWanted(error: unknown): ProofMethod[] | null {
  if (!isProblem(error, 'confirmation-required')) return null;
  const { methods } = error.members;
  return Array.isArray(methods) ? known.filter((method) => methods.includes(method)) : [];
}

/**
 * Resolves after re-authentication. One dialog serves all waiting requests. @throws ApiProblem if
 * the user cancels
 */
export function reauthenticate(methods: ProofMethod[]): Promise<void> {
  asked ??= ask(methods);
  tell();
  return asked.answer;
}

function ask(methods: ProofMethod[]): Asked & { answer: Promise<void> } {
  const { promise: answer, resolve, reject } = Promise.withResolvers<void>();
  const end = (settle: () => void) => () => {
    asked = null;
    tell();
    settle();
  };
  const givenUp = () =>
    reject(
      new ApiProblem({
        kind: 'confirmation-required',
        sentence: messages.reauthentication.cancelled,
        status: 0,
        reference: '',
      }),
    );
  return { methods, answer, given: end(resolve), givenUp: end(givenUp) };
}

function tell(): void {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The pending re-authentication. */
export function useAsked(): Asked | null {
  return useSyncExternalStore(subscribe, () => asked);
}
