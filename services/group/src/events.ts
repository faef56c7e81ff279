// What the group service tells the world: one helper a business event, for log and counters together.
import type { AppId } from '@parley/kernel';
import { type CallContext, CallerRole } from '@parley/rpc';
import type { Counter, Logger, Metrics } from '@parley/telemetry';
import type { GroupKey } from './stores/group-store.js';

/** What an audit line is about; its event is `parley.group.<act>`. */
export type AuditedAct =
  | 'created'
  | 'destroyed'
  | 'modified'
  | 'transferred'
  | 'members_added'
  | 'members_removed'
  | 'member_modified'
  | 'members_muted'
  | 'members_banned'
  | 'live_admins_changed'
  | 'visitors_marked'
  | 'topic_created'
  | 'topic_modified'
  | 'topics_destroyed'
  | 'permission_group_created'
  | 'permission_group_modified'
  | 'permission_groups_destroyed'
  | 'topic_permissions_changed'
  | 'permission_members_changed';

export class GroupEvents {
  readonly #changes: Counter;
  readonly #contended: Counter;
  readonly #takenOver: Counter;
  readonly #left: Counter;
  readonly #noticesLost: Counter;
  readonly #tips: Counter;
  readonly #notices: Counter;
  readonly #dropped: Counter;

  constructor(
    private readonly log: Logger,
    metrics: Metrics,
  ) {
    const counter = (name: string, help: string) => metrics.counter(`parley.group.${name}`, help);
    this.#changes = counter('changes', 'Records of group changes that were consumed');
    this.#contended = counter('changes_contended', 'Changes decided anew because another process was faster');
    this.#takenOver = counter('intents_taken_over', 'Intents that another process had left open');
    this.#left = counter('intents_left', 'Open intents that could not be carried out yet');
    this.#noticesLost = counter('notices_lost', 'Notices of changes that could not be published');
    this.#tips = counter('tips', 'Tips sent to groups');
    this.#notices = counter('notices', 'Notices sent to persons');
    this.#dropped = counter('tips_refused', 'Tips and notices that were refused for good');
  }

  changeConsumed(): void {
    this.#changes.add();
  }

  changeContended(key: GroupKey): void {
    this.#contended.add();
    this.log.debug('group change contended', { ...key });
  }

  intentTakenOver(key: GroupKey): void {
    this.#takenOver.add();
    this.log.info('intent of another process carried out', { ...key });
  }

  intentLeft(key: GroupKey, cause: unknown): void {
    this.#left.add();
    this.log.warn('intent not carried out yet', { ...key, cause });
  }

  leadersNotChecked(key: GroupKey, cause: unknown): void {
    this.log.warn('leaders of a live group not checked', { ...key, cause });
  }

  noticeLost(key: GroupKey, cause: unknown): void {
    this.#noticesLost.add();
    this.log.warn('notice of a group change lost', { ...key, cause });
  }

  tipSent(): void {
    this.#tips.add();
  }

  noticeSent(): void {
    this.#notices.add();
  }

  /** The group or the person is gone: nobody is left to be told. */
  tellingRefused(key: { readonly appId: AppId; readonly groupId: string }, cause: unknown): void {
    this.#dropped.add();
    this.log.debug('tip or notice refused', { ...key, cause });
  }

  /** The audit line of an act of an app's back end. Never content among the fields. */
  audit(action: AuditedAct, context: CallContext, fields: Readonly<Record<string, unknown>>): void {
    if (context.role === CallerRole.USER) return;
    const { appId, userId: actor, role, traceParent } = context;
    this.log.info(`parley.group.${action}`, {
      audit: true,
      appId,
      actor,
      role: CallerRole[role],
      traceParent,
      ...fields,
    });
  }
}
