// Where the gateway is.
import { WEBSOCKET_PATH } from '@parley/wire';

const ADDRESS = /^(?:(wss?):\/\/)?((?:\[[\da-fA-F:.]+\]|[^\s/?#:@[\]]+)(?::\d{1,5})?)(\/[^\s#]*)?$/;
const LOCAL_GATEWAY = `ws://127.0.0.1:8081${WEBSOCKET_PATH}`;

/**
 * A full gateway URL from `ws://host`, `host:port` or a complete URL. The scheme
 * that is missing is that of `like`; a missing path is the standard one.
 *
 * @returns undefined when the text is no such address.
 */
export function toGatewayUrl(address: string, like = LOCAL_GATEWAY): string | undefined {
  const match = ADDRESS.exec(address);
  if (match === null) return undefined;
  const scheme = match[1] ?? (like.startsWith('wss:') ? 'wss' : 'ws');
  const path = match[3] === undefined || match[3] === '/' ? WEBSOCKET_PATH : match[3];
  return `${scheme}://${match[2]}${path}`;
}

/** The page's own host in a browser, the local gateway elsewhere. */
export function defaultGatewayUrl(): string {
  const page = (globalThis as { location?: { protocol?: string; host?: string } }).location;
  if (page?.host === undefined || page.host === '' || page.protocol?.startsWith('http') !== true) {
    return LOCAL_GATEWAY;
  }
  return `${page.protocol === 'https:' ? 'wss' : 'ws'}://${page.host}${WEBSOCKET_PATH}`;
}
