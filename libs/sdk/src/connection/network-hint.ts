// The browser's word that the network is back. Only a hint: it saves the rest of a
// backoff, nothing depends on it.

interface OnlineTarget {
  addEventListener?: (type: 'online', listener: () => void) => void;
  removeEventListener?: (type: 'online', listener: () => void) => void;
}

/** @returns what ends the listening; platforms without such a word are never heard. */
export function onNetworkBack(listener: () => void): () => void {
  const target = globalThis as OnlineTarget;
  target.addEventListener?.('online', listener);
  return () => target.removeEventListener?.('online', listener);
}
