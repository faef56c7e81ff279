// Applications of a group, and the inbox of whoever may decide.
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import type { AppId, GroupId, UserId } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import { put, type TableStore, type Write } from '@parley/table-store';
import { subjectOf } from '../domain/applications.js';
import { applicationInbox, groupApplications } from '../tables.js';
import type { GroupKey } from './group-store.js';

export interface InboxEntry {
  readonly groupId: GroupId;
  readonly subject: string;
}

export class ApplicationStore {
  constructor(private readonly tables: TableStore) {}

  async get({ appId, groupId }: GroupKey, subject: string): Promise<groupv1.ApplicationRow | undefined> {
    const row = await this.tables.get(groupApplications, { app_id: appId, group_id: groupId, subject });
    return row && fromBinary(groupv1.ApplicationRowSchema, row.application);
  }

  /** Applications of a group, decided ones too, at most `limit`. */
  async ofGroup({ appId, groupId }: GroupKey, limit: number): Promise<groupv1.ApplicationRow[]> {
    const page = await this.tables.scan(
      groupApplications,
      { app_id: appId, group_id: groupId },
      { limit, isReverse: true },
    );
    return page.rows.map((row) => fromBinary(groupv1.ApplicationRowSchema, row.application));
  }

  /** What waits for the user's decision, newest first; entries that others decided may be among them. */
  async inbox(appId: AppId, user: UserId, limit: number): Promise<InboxEntry[]> {
    const page = await this.tables.scan(
      applicationInbox,
      { app_id: appId, user_id: user },
      { limit, isReverse: true },
    );
    return page.rows
      .filter((row) => row.is_open)
      .map((row) => ({ groupId: row.group_id as GroupId, subject: row.subject }));
  }
}

/** The rows of an application that was made or decided with the change `seq`. */
export function applicationWrites(
  { appId, groupId }: GroupKey,
  row: groupv1.ApplicationRow,
  seq: bigint,
  // biome-ignore lint/suspicious/noExplicitAny: writes of two tables
): Write<any>[] {
  const { application } = row;
  if (application === undefined) return [];
  const subject = subjectOf(application.kind, application.userId);
  const isOpen = row.status === groupv1.ApplicationStatus.OPEN;
  const ids = { app_id: appId as number, group_id: groupId as string, subject };
  return [
    put(groupApplications, { ...ids, application: toBinary(groupv1.ApplicationRowSchema, row) }, seq),
    ...row.handlers.map((user_id) =>
      put(applicationInbox, { ...ids, user_id, time_ms: application.timeMs, is_open: isOpen }, seq),
    ),
  ];
}
