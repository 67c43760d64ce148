import type { Config } from '../config.ts';

/** The services that a local stand-in serves because nothing else was configured. */
export function practiceOf({
  mail,
  google,
  github,
}: Pick<Config, 'mail' | 'google' | 'github'>): string[] {
  const services = {
    mail: mail.kind === 'practice',
    google: google?.practice,
    github: github?.practice,
  };
  return Object.entries(services).flatMap(([name, isPractice]) => (isPractice ? [name] : []));
}
