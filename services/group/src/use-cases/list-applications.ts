// What waits for the caller's decision.
import type { UserId } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import type { GroupRegister } from '../changing/group-register.js';
import type { GroupView } from '../changing/group-view.js';
import { isOpen } from '../domain/applications.js';
import { APPLICATIONS_SHOWN_MAX } from '../domain/limits.js';
import { decideAs } from '../domain/member-rights.js';
import type { ApplicationStore } from '../stores/application-store.js';
import type { Caller } from './caller.js';

/** Entries looked at: decided ones stay in the inbox until they expire. */
const ENTRIES_MAX = 500;

export class ListApplications {
  constructor(
    private readonly register: GroupRegister,
    private readonly applications: ApplicationStore,
  ) {}

  /** Newest first. */
  async run({ appId, userId }: Caller) {
    const entries = await this.applications.inbox(appId, userId, ENTRIES_MAX);
    const shown = entries.slice(0, APPLICATIONS_SHOWN_MAX);
    const views = await this.register.findMany(
      appId,
      shown.map((entry) => entry.groupId),
    );
    const found = await Promise.all(
      shown.map(async (entry, at) => {
        const view = views[at];
        const row = await view?.application(entry.subject);
        if (view === undefined || row === undefined || !isOpen(row, view.nowMs)) return undefined;
        return (await mayDecide(view, row, userId)) ? row.application : undefined;
      }),
    );
    return { applications: found.filter((application) => application !== undefined) };
  }
}

/** The invitee decides about an invitation to it; those who lead the group decide about the rest. */
export async function mayDecide(
  view: GroupView,
  row: groupv1.ApplicationRow,
  user: UserId,
): Promise<boolean> {
  if (row.application?.kind === groupv1.ApplicationKind.INVITE_FOR_INVITEE) {
    return row.application.userId === user;
  }
  return decideAs(view.policy, await view.actor(user), 'decideApplication') === undefined;
}
