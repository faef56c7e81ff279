// The part of the WebSocket interface that the SDK uses: browsers, Node 22 and
// newer, React Native and the npm package `ws` all have it.
import { ChatFailure, FailureCode } from '../events/failure.js';

/** Method syntax, so that every implementation's own event type fits. */
type Listener<E> = { listen(event: E): void }['listen'] | null;

export interface WebSocketLike {
  binaryType: string;
  onopen: Listener<unknown>;
  onmessage: Listener<{ readonly data: unknown }>;
  onclose: Listener<{ readonly code: number; readonly reason: string }>;
  onerror: Listener<unknown>;
  send(data: Uint8Array): void;
  close(code?: number, reason?: string): void;
}

/** Opens a socket; must not wait for it to be open. */
export type WebSocketFactory = (url: string) => WebSocketLike;

type WebSocketConstructor = new (url: string) => WebSocketLike;

/** The platform's own WebSocket. @throws ChatFailure where there is none (Node 20). */
export function platformWebSocket(): WebSocketFactory {
  const Socket = (globalThis as { WebSocket?: WebSocketConstructor }).WebSocket;
  if (Socket !== undefined) return (url) => new Socket(url);
  throw new ChatFailure(
    FailureCode.BAD_PARAMETER,
    'this platform has no WebSocket: pass one, e.g. create({ SDKAppID, webSocket: (url) => new WebSocket(url) }) with the package ws',
  );
}
