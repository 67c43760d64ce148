/** Fresh proof that was given in another tab of this browser, as at Google: that tab tells the one that waits for it. */
const channelName = 'flowcept.proved';

export function tellProved(): void {
  const channel = new BroadcastChannel(channelName);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel reaches our own origin only
  channel.postMessage(null);
  channel.close();
}

/** Answers what stops it. */
export function whenProved(then: () => void): () => void {
  const channel = new BroadcastChannel(channelName);
  channel.onmessage = then;
  return () => channel.close();
}
