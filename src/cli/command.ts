/** Exit codes: 0 done, 1 did not hold, 2 could not run. */
export interface Command {
  summary: string;
  /** The one word that it wants besides options; in brackets where it can do without. */
  argument?: string;
  /** Those that are followed by a word, such as `--pin KEY`, and those that stand alone. */
  options?: readonly string[];
  flags?: readonly string[];
  /** `given`: those words, by the name of their option without its dashes; of what stands alone the name itself. */
  run(options: {
    json: boolean;
    argument: string | null;
    given: Partial<Record<string, string>>;
  }): Promise<number>;
}
