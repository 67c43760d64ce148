import Bowser from 'bowser';

/** Browser and system by names of our own list: for a person to recognise, never to decide by. What a browser calls itself may be a message. */
export function describeDevice(userAgent: string): string {
  if (userAgent === '') return 'Unknown device';
  const { browser, os } = Bowser.parse(userAgent.slice(0, 512));
  const [name, system] = [known(browser.name, Bowser.BROWSER_MAP), known(os.name, Bowser.OS_MAP)];
  const words = [name, system && `on ${system}`].filter(Boolean).join(' ');
  return words || 'Unknown device';
}

function known(name: string | undefined, names: Record<string, string>): string | undefined {
  return Object.values(names).find((one) => one === name);
}
