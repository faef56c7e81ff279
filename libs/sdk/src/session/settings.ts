// The options of create(), checked and filled up.
import { contextv1 } from '@parley/proto';
import { createCallId } from '../calls/call-id.js';
import { defaultGatewayUrl, toGatewayUrl } from '../connection/gateway-url.js';
import { platformWebSocket, type WebSocketFactory } from '../connection/web-socket.js';
import { SEND_GIVE_UP_MS } from '../constants/limits.js';
import { ChatFailure, FailureCode } from '../events/failure.js';
import type { CreateOptions, PlatformName } from '../model/chat-sdk.js';
import { type ChatClock, systemClock } from '../time/clock.js';

export interface ChatSettings {
  readonly sdkAppId: number;
  readonly gatewayUrl: string;
  readonly platform: contextv1.Platform;
  readonly instanceID: string;
  readonly webSocket: WebSocketFactory;
  readonly clock: ChatClock;
  readonly random: () => number;
  readonly giveUpMs: number;
}

const { Platform } = contextv1;

const PLATFORMS: Readonly<Record<PlatformName, contextv1.Platform>> = {
  web: Platform.WEB,
  android: Platform.ANDROID,
  iphone: Platform.IPHONE,
  ipad: Platform.IPAD,
  windows: Platform.WINDOWS,
  mac: Platform.MAC,
  linux: Platform.LINUX,
};

/** As the gateway has it. */
const INSTANCE_ID = /^[\x21-\x7e]{1,64}$/;
const GIVE_UP_MAX_MS = 24 * 60 * 60_000;

/** @throws ChatFailure 2000 without an SDKAppID, 6017 for another bad option, with the remedy. */
export function resolveSettings(options: CreateOptions): ChatSettings {
  const { SDKAppID, platform = 'web', webSocket, clock = systemClock, random = Math.random } = options;
  if (!Number.isInteger(SDKAppID) || SDKAppID <= 0 || SDKAppID > 0xffff_ffff) {
    throw new ChatFailure(FailureCode.SDK_APP_ID_MISSING, 'SDKAppID is the positive number of your app');
  }
  return {
    sdkAppId: SDKAppID,
    gatewayUrl: resolveGatewayUrl(options),
    platform: PLATFORMS[platform] ?? refuse(`platform is one of ${Object.keys(PLATFORMS).join(', ')}`),
    instanceID: requireInstanceID(options.instanceID ?? createCallId(random)),
    webSocket: webSocket ?? platformWebSocket(),
    clock,
    random,
    giveUpMs: requireWithin('sendGiveUpMs', options.sendGiveUpMs ?? SEND_GIVE_UP_MS, GIVE_UP_MAX_MS),
  };
}

function resolveGatewayUrl({ gatewayUrl, proxyServer }: CreateOptions): string {
  const given = gatewayUrl ?? proxyServer;
  if (given === undefined) return defaultGatewayUrl();
  return toGatewayUrl(given) ?? refuse(`gatewayUrl is like ws://host:8081/v1/ws, not ${given}`);
}

function requireInstanceID(instanceID: string): string {
  if (typeof instanceID === 'string' && INSTANCE_ID.test(instanceID)) return instanceID;
  return refuse('instanceID has 1 to 64 characters of printable ASCII without spaces');
}

function requireWithin(name: string, value: number, max: number): number {
  return Number.isInteger(value) && value >= 1 && value <= max
    ? value
    : refuse(`${name} is a whole number, 1 to ${max}`);
}

function refuse(rule: string): never {
  throw new ChatFailure(FailureCode.BAD_PARAMETER, rule);
}
