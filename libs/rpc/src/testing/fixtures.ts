// Contexts and handlers that the contract's cases share.
import type { AppId, ConnectionId, NodeId, UserId } from '@parley/kernel';
import { gatewayv1, messagev1 } from '@parley/proto';
import type { LogFields, Logger } from '@parley/telemetry';
import { type CallContext, CallerRole, Platform } from '../call-context.js';
import { createRouter, type Router } from '../router.js';
import type { Client, ServiceHandlers, Transport } from '../transport.js';

export type MessageHandlers = ServiceHandlers<typeof messagev1.MessageService>;

export const userContext = (overrides: Partial<CallContext> = {}): CallContext => ({
  appId: 1_400_000_001 as AppId,
  userId: 'alice' as UserId,
  role: CallerRole.USER,
  platform: Platform.WEB,
  attempt: 0,
  ...overrides,
});

export const fullContext = (): CallContext =>
  userContext({
    connectionId: 'connection-1' as ConnectionId,
    nodeId: 'gateway-1' as NodeId,
    traceParent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    attempt: 2,
  });

export interface LoggedError {
  readonly event: string;
  readonly fields: LogFields;
}

/** A logger that keeps error lines. */
export function errorLog(): { logger: Logger; errors: LoggedError[] } {
  const errors: LoggedError[] = [];
  const ignore = (): void => undefined;
  const error = (event: string, fields: LogFields = {}): void => {
    errors.push({ event, fields });
  };
  return { logger: { debug: ignore, info: ignore, warn: ignore, error }, errors };
}

/** A transport whose calls end at the handlers of a test. */
export interface World {
  readonly transport: Transport;
  readonly client: Client<typeof messagev1.MessageService>;
  readonly errors: LoggedError[];
}

export type WithHandlers = (
  handlers: Partial<MessageHandlers>,
  test: (world: World) => Promise<void>,
) => Promise<void>;

/** A router that serves MessageService: the given handlers, and empty answers elsewhere. */
export function messageRouter(handlers: Partial<MessageHandlers>): { router: Router; errors: LoggedError[] } {
  const { logger, errors } = errorLog();
  const router = createRouter({ logger });
  const empty = async (): Promise<Record<string, never>> => ({});
  const all: Record<string, unknown> = {};
  for (const method of messagev1.MessageService.methods) all[method.localName] = empty;
  router.register(messagev1.MessageService, { ...all, ...handlers } as MessageHandlers);
  return { router, errors };
}

/** A method that no router of the suite implements. */
export const unservedMethod = gatewayv1.GatewayNodeService.method.deliver;

/** A promise and the function that settles it. */
export function gate(): { opened: Promise<void>; open: () => void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** Resolves when the signal aborts, with its reason. */
export const aborted = (signal: AbortSignal | undefined): Promise<unknown> =>
  new Promise((resolve) => {
    if (signal?.aborted) resolve(signal.reason);
    signal?.addEventListener('abort', () => resolve(signal.reason), { once: true });
  });
