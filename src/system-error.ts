/** The system’s name of the error, such as `ENOENT`; the error as text if it has none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
