import { providerNames } from '../../../src/oauth/shapes.ts';
import type { Provider } from '../../../src/store/port.ts';
import { LinkButton } from '../../ui/link-button.tsx';
import { wayTo } from '../provider-links.tsx';
import { words } from '../words.ts';

/** Beside this tab, so that what was interrupted is still here to go on: the other one tells when it is done. */
export function byProvider(provider: Provider) {
  return function ByProvider() {
    const way = wayTo(provider, { purpose: 'confirm', to: '/proved' });
    return <LinkButton href={way} look="primary" wide newTab>{words.proof.at(providerNames[provider])} <span className="fc-hidden">({words.newTab})</span></LinkButton>;
  };
}
