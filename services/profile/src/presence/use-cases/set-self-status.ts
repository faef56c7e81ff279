// A user says something of itself, until it goes offline.
import type { SessionChanges } from '@parley/delivery';
import { ChatError, ErrorCode } from '@parley/kernel';
import type { presencev1 } from '@parley/proto';
import type { CallContext } from '@parley/rpc';
import { checkCustomStatus } from '../domain/custom-status.js';
import type { PresenceStore } from '../stores/presence-store.js';
import type { GetStatuses } from './get-statuses.js';

export interface SetSelfStatusDeps {
  readonly store: PresenceStore;
  readonly changes: SessionChanges;
  readonly getStatuses: GetStatuses;
}

export class SetSelfStatus {
  constructor(private readonly deps: SetSelfStatusDeps) {}

  /** @throws ChatError 70402 for a text that is too long. */
  async run(text: string, context: CallContext): Promise<presencev1.UserStatus> {
    checkCustomStatus(text);
    const { appId, userId, connectionId, platform } = context;
    const { store, changes, getStatuses } = this.deps;
    await store.setCustom(appId, userId, { text, setBy: connectionId });
    await changes.notice({ kind: 'custom', appId, userId, platform });
    const [status] = await getStatuses.ofExisting(appId, [userId]);
    if (status === undefined)
      throw new ChatError(ErrorCode.INTERNAL, 'no status of a user that was asked for');
    return status;
  }
}
