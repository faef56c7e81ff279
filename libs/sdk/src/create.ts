// One SDK object per SDKAppID, as the compatible API has it; several in one process by
// naming instances.
import { createChat } from './chat-client.js';
import type { ChatSDK, CreateOptions } from './model/chat-sdk.js';
import { resolveSettings } from './session/settings.js';

const instances = new Map<string, ChatSDK>();

/**
 * The SDK object of this SDKAppID and instanceID: the same one until it is destroyed,
 * whatever the other options say.
 *
 * @throws ChatFailure 2000 or 6017 for bad options.
 */
export function create(options: CreateOptions): ChatSDK {
  const settings = resolveSettings(options);
  const key = `${settings.sdkAppId} ${options.instanceID ?? ''}`;
  const known = instances.get(key);
  if (known !== undefined) return known;
  const client = createChat(settings, () => instances.delete(key));
  instances.set(key, client);
  return client;
}
