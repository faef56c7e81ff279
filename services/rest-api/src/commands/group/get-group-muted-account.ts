import type { groupv1 } from '@parley/proto';
import type { Command } from '../command.js';
import { boundedAnswer, defineGroupCommand } from './group-command.js';
import { groupIdOf, groupOrTopicOf } from './group-fields.js';

interface MutedQuery {
  readonly groupId: string;
  /** The group, or the topic of it that is asked about. */
  readonly target: string;
}

/** Who is muted in a group, and until when. */
export const getGroupMutedAccount = mutedCommand('group_open_http_svc/get_group_muted_account');
/** The old path of the same command. */
export const getGroupShuttedUin = mutedCommand('group_open_http_svc/get_group_shutted_uin');

function mutedCommand(path: string): Command {
  return defineGroupCommand<MutedQuery, groupv1.ListMutedResponse>({
    path,
    parse: (body) => ({ groupId: groupIdOf(body), target: groupOrTopicOf(body) }),
    call: ({ target }, { tools, context }) => tools.groups.listMuted({ groupId: target }, context),
    // Both names of everything, on both paths: callers of either find theirs.
    render: ({ users }, { groupId }) =>
      boundedAnswer({
        GroupId: groupId,
        MutedAccountList: users.map(({ userId, untilS }) => ({ Member_Account: userId, MutedUntil: untilS })),
        ShuttedUinList: users.map(({ userId, untilS }) => ({ Member_Account: userId, ShuttedUntil: untilS })),
      }),
  });
}
