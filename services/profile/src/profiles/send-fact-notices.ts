// Tells whoever remembers what a sender's messages depend on that it changed.
import type { Coordination } from '@parley/coordination';
import type { AppId, UserId } from '@parley/kernel';

/** Carries `<appId> <from>`: nothing that is remembered of this sender holds any longer. */
export const SEND_FACTS_CHANGED_CHANNEL = 'send-facts:changed';

export class SendFactNotices {
  constructor(private readonly coordination: Pick<Coordination, 'publish'>) {}

  /** To be called after the change is durable. A notice that is lost costs 30 s. */
  changed(appId: AppId, from: UserId): Promise<void> {
    return this.coordination.publish(SEND_FACTS_CHANGED_CHANNEL, `${appId} ${from}`);
  }
}
