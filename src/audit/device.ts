import Bowser from 'bowser';

/** Browser and system in words, as the browser tells them: for a person to recognise, never to decide by. */
export function describeDevice(userAgent: string): string {
  if (userAgent === '') return 'Unknown device';
  const { browser, os } = Bowser.parse(userAgent.slice(0, 512));
  const words = [browser.name, os.name && `on ${os.name}`].filter(Boolean).join(' ');
  return words || 'Unknown device';
}
