// What the parts of the service ask of each other. A part imports none of the others: it is handed these.
import type { AppId, UserId } from '@parley/kernel';
import type { profilev1 } from '@parley/proto';
import type { CallContext } from '@parley/rpc';

/** Profiles, for the parts that need some field of somebody (who may add me, what is my friend called). */
export interface ProfileReader {
  /**
   * The fields that are stored, in the order asked and whatever the rights; an account that never set one, or that does
   * not exist, has none. At most 1,000 users. @throws ChatError UNAVAILABLE.
   */
  itemsOf(appId: AppId, userIds: readonly UserId[]): Promise<readonly (readonly profilev1.ProfileItem[])[]>;

  /**
   * The same for a caller: fields of `tags`, of at most 100 users. @throws ChatError 40007 for a tag that the caller may not
   * read, 40009 for one that is unknown.
   */
  itemsFor(
    context: CallContext,
    userIds: readonly string[],
    tags: readonly string[],
  ): Promise<readonly (readonly profilev1.ProfileItem[])[]>;
}

/** Some of those whom a user's changes concern. */
export interface AudiencePage {
  /** At most AUDIENCE_PAGE_MAX. */
  readonly userIds: readonly UserId[];
  /** Absent: that was the last page. */
  readonly cursor?: string;
}

export const AUDIENCE_PAGE_MAX = 100;

/** Who hears of a user's changes, beside the user: whoever has it as a friend. */
export interface Audience {
  /** One page; bounded by the limit of friends. @throws ChatError UNAVAILABLE. */
  audienceOf(appId: AppId, userId: UserId, cursor?: string): Promise<AudiencePage>;
}

/** What stands between a sender and a receiver. */
export interface RelationFacts {
  /** The receiver has the sender on its blocklist. */
  readonly isBlocked: boolean;
  /** The receiver is on the sender's list of friends. */
  readonly senderHasReceiver: boolean;
  /** The sender is on the receiver's list of friends. */
  readonly receiverHasSender: boolean;
}

export interface RelationReader {
  /** @throws ChatError UNAVAILABLE. */
  factsOf(appId: AppId, from: UserId, to: UserId): Promise<RelationFacts>;
}
