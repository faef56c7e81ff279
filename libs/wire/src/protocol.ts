// Numbers that both ends of the socket must agree on.

/** Hello.protocol_version of this package. */
export const PROTOCOL_VERSION = 1;
/** Path of the WebSocket at a gateway. */
export const WEBSOCKET_PATH = '/v1/ws';
