import type { Canary } from '../../probe/canary.ts';
import type { Route } from '../../probe/check-context.ts';

type Owner = Pick<Canary, 'email' | 'name' | 'password'>;

/** What a person would put into a field of this name. */
const plausible: Record<string, (owner: Owner) => unknown> = {
  email: ({ email }) => email,
  name: ({ name }) => name,
  password: ({ password }) => password,
  current: ({ password }) => password,
  next: ({ password }) => `${password} and more`,
  code: () => '000000',
  stay: () => false,
};

/** What no form should send, by field. Each is refused for the form of the field alone, whatever else is in the body. */
export const implausible: Readonly<Record<string, string>> = {
  email: 'nobody',
  name: ' ',
  code: '12',
  password: 'x'.repeat(600),
};

/** A body that this route would read, of nobody's: no id and no token in it is anybody's. */
export function plausibleBody({ body }: Route, owner: Owner): Record<string, unknown> {
  const required = body?.fields.filter((field) => field.required) ?? [];
  return Object.fromEntries(
    required.map(({ name }) => [name, plausible[name]?.(owner) ?? owner.name]),
  );
}
