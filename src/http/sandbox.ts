import type { Config } from '../config.ts';

/** Returns the services that are simulated because none was configured. */
export function sandboxServices({
  mail,
  google,
  github,
}: Pick<Config, 'mail' | 'google' | 'github'>): string[] {
  const services = {
    mail: mail.kind === 'sandbox',
    google: google?.sandbox,
    github: github?.sandbox,
  };
  return Object.entries(services).flatMap(([name, isSandbox]) => (isSandbox ? [name] : []));
}
