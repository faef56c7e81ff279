// Whom the user hears nothing of.
import type { relationv1 } from '@parley/proto';
import type { Caller } from '../calls/caller.js';
import { RELATION_METHOD } from '../calls/relation-method.js';
import { RELATION_USERS_MAX } from '../constants/limits.js';
import { ChatFailure } from '../events/failure.js';
import { requireNames } from './relation-checks.js';
import type { RelationSync } from './relation-sync.js';
import type { RelationTeller } from './relation-teller.js';
import { successesOf } from './relation-view.js';

export interface BlocklistCallsOptions {
  readonly caller: Caller;
  readonly relationSync: RelationSync;
  readonly teller: RelationTeller;
}

export class BlocklistCalls {
  constructor(private readonly options: BlocklistCallsOptions) {}

  async list(): Promise<string[]> {
    await this.options.relationSync.need('blocklist');
    return this.options.teller.blacklist();
  }

  async add(options: { userIDList: string[] }): Promise<string[]> {
    const userIds = requireNames(options?.userIDList, RELATION_USERS_MAX);
    const { results } = await this.options.caller.call(RELATION_METHOD.addToBlocklist, { userIds });
    return this.settled(results);
  }

  async remove(options: { userIDList: string[] }): Promise<string[]> {
    const userIds = requireNames(options?.userIDList, RELATION_USERS_MAX);
    const { results } = await this.options.caller.call(RELATION_METHOD.removeFromBlocklist, { userIds });
    return this.settled(results);
  }

  /** @throws ChatFailure when it worked for nobody, for the answer can only name those for whom it did. */
  private async settled(results: readonly relationv1.RelationResult[]): Promise<string[]> {
    const [first] = results;
    const userIDs = successesOf(results).map(({ userID }) => userID);
    if (userIDs.length === 0 && first !== undefined) throw new ChatFailure(first.code, first.info);
    await this.options.relationSync.settle();
    return userIDs;
  }
}
