import type { parseArgs, ParseArgsConfig } from 'node:util';

/** By name, without dashes. A `string` takes a value, as in `--pin KEY` or `--pin=KEY`; a `boolean` takes none. */
type Options = NonNullable<ParseArgsConfig['options']>;
export type Values<Known extends Options> = ReturnType<
  typeof parseArgs<{ options: Known }>
>['values'];

/** Exit codes: 0 done, 1 did not hold, 2 could not run. */
export interface Command<Known extends Options = Options> {
  summary: string;
  /** The one word that it takes besides options; in brackets where it can do without. */
  argument?: string;
  /** Those of its own: every command has `--json`. */
  options?: Known;
  run(call: { json: boolean; argument: string | null; values: Values<Known> }): Promise<number>;
}
