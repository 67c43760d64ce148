/** Exit codes: 0 done, 1 did not hold, 2 could not run. */
export interface Command {
  summary: string;
  /** The one word that it wants besides options. */
  argument?: string;
  run(options: { json: boolean; argument: string | null }): Promise<number>;
}
