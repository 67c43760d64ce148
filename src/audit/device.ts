import Bowser from 'bowser';

/**
 * Returns the browser and operating system by names from a fixed list, because a user agent string can contain any
 * text. For people to recognise a device; never for access decisions.
 */
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
