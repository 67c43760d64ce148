import type { parseArgs, ParseArgsConfig } from 'node:util';

/**
 * Options by name, without dashes. A `string` takes a value, as in `--pin KEY` or `--pin=KEY`; a `boolean` takes none.
 */
type Options = NonNullable<ParseArgsConfig['options']>;
export type Values<Known extends Options> = ReturnType<
  typeof parseArgs<{ options: Known }>
>['values'];

/** A command. Exit codes: 0 success, 1 a negative result, 2 could not run. */
export interface Command<Known extends Options = Options> {
  summary: string;
  /** Name of the positional argument; in brackets if it is optional. */
  argument?: string;
  /** Options besides `--json`, which every command has. */
  options?: Known;
  run(call: { json: boolean; argument: string | null; values: Values<Known> }): Promise<number>;
}
