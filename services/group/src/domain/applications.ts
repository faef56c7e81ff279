// Applications and invitations that wait for somebody's decision.
import { create } from '@bufbuild/protobuf';
import type { UserId } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import { APPLICATION_TTL_S } from './limits.js';

export interface NewApplication {
  readonly kind: groupv1.ApplicationKind;
  readonly userId: UserId;
  /** Empty: the user wants in by itself. */
  readonly inviter: string;
  readonly message: string;
}

const { INVITE_FOR_INVITEE } = groupv1.ApplicationKind;

/** Whom an application is about, and how: there is one open one for each. */
export const subjectOf = (kind: groupv1.ApplicationKind, userId: string): string => `${kind}:${userId}`;

/** The time makes a later application of the same person another one. */
const applicationIdOf = (timeMs: bigint, subject: string): string => `${timeMs}:${subject}`;

/** The subject of an application's id; undefined when it is none. */
export function subjectOfId(applicationId: string): string | undefined {
  const subject = /^\d{1,16}:(\d:.+)$/s.exec(applicationId);
  return subject?.[1];
}

export const isOpen = (row: groupv1.ApplicationRow | undefined, nowMs: number): boolean =>
  row?.status === groupv1.ApplicationStatus.OPEN &&
  Number(row.application?.timeMs ?? 0n) + APPLICATION_TTL_S * 1_000 > nowMs;

interface Draft {
  readonly intent: groupv1.Intent;
  record(
    change: { readonly case: 'applicationMade'; readonly value: groupv1.ApplicationMade },
    operator?: string,
  ): unknown;
}

interface View {
  readonly group: groupv1.Group;
  readonly state: groupv1.GroupState;
  readonly nowMs: number;
  application(subject: string): Promise<groupv1.ApplicationRow | undefined>;
}

/** Who decides about an application. */
export function handlersOf(view: Pick<View, 'group' | 'state'>, wanted: NewApplication): string[] {
  if (wanted.kind === INVITE_FOR_INVITEE) return [wanted.userId];
  const { owner } = view.group;
  return [...(owner === '' ? [] : [owner]), ...view.state.admins];
}

/** Adds what is not waiting already. */
export async function addApplications(
  draft: Draft,
  view: View,
  wanted: readonly NewApplication[],
): Promise<void> {
  const known = await Promise.all(wanted.map((one) => view.application(subjectOf(one.kind, one.userId))));
  wanted.forEach((one, at) => {
    if (isOpen(known[at], view.nowMs)) return;
    const timeMs = BigInt(view.nowMs);
    const application = create(groupv1.ApplicationSchema, {
      applicationId: applicationIdOf(timeMs, subjectOf(one.kind, one.userId)),
      kind: one.kind,
      groupId: view.group.groupId,
      groupName: view.group.name,
      userId: one.userId,
      inviter: one.inviter,
      message: one.message,
      timeMs,
    });
    const handlers = handlersOf(view, one);
    draft.intent.applications.push(
      create(groupv1.ApplicationRowSchema, {
        application,
        handlers,
        status: groupv1.ApplicationStatus.OPEN,
      }),
    );
    draft.record(
      { case: 'applicationMade', value: create(groupv1.ApplicationMadeSchema, { application, handlers }) },
      one.inviter || one.userId,
    );
  });
}
