/**
 * Re-authentication in another tab of this browser, for example at Google: that tab notifies the
 * one that waits.
 */
const channelName = 'flowcept.proved';

export function tellProved(): void {
  const channel = new BroadcastChannel(channelName);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel reaches our own origin only
  channel.postMessage(null);
  channel.close();
}

/** Returns a function that stops listening. */
export function whenProved(then: () => void): () => void {
  const channel = new BroadcastChannel(channelName);
  channel.onmessage = then;
  return () => channel.close();
}
