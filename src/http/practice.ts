import type { Config } from '../config.ts';

/** The services that a local stand-in serves because nothing else was configured. */
export function practiceOf({ mail }: Pick<Config, 'mail'>): string[] {
  return mail.kind === 'practice' ? ['mail'] : [];
}
