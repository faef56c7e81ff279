export type { Delivery, PushTarget, SessionRegistry } from './delivery.js';
export type { Session } from './session.js';
