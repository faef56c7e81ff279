// GroupService over the use-cases; thin.
import type { groupv1 } from '@parley/proto';
import type { ServiceHandlers } from '@parley/rpc';
import type { AddMembers } from '../use-cases/add-members.js';
import type { BanMembers } from '../use-cases/ban-members.js';
import { callerOf } from '../use-cases/caller.js';
import type { ChangeAttributes } from '../use-cases/change-attributes.js';
import type { ChangeCounters } from '../use-cases/change-counters.js';
import type { ChangeLiveAdmins } from '../use-cases/change-live-admins.js';
import type { DestroyTopics, ModifyTopic } from '../use-cases/change-topics.js';
import type { CheckVisitors } from '../use-cases/check-visitors.js';
import type { CountOnline } from '../use-cases/count-online.js';
import type { CreateGroup } from '../use-cases/create-group.js';
import type { CreateTopic } from '../use-cases/create-topic.js';
import type { DestroyGroup } from '../use-cases/destroy-group.js';
import type { GetGroups } from '../use-cases/get-groups.js';
import type { GetMembers } from '../use-cases/get-members.js';
import type { GetSendFacts } from '../use-cases/get-send-facts.js';
import type { GetTopics } from '../use-cases/get-topics.js';
import type { GetAttributes, GetCounters } from '../use-cases/get-values.js';
import type { HandleApplication } from '../use-cases/handle-application.js';
import type { JoinGroup } from '../use-cases/join-group.js';
import type { ListAppGroups } from '../use-cases/list-app-groups.js';
import type { ListApplications } from '../use-cases/list-applications.js';
import type { ListJoinedGroups } from '../use-cases/list-joined-groups.js';
import type { ListLiveAdmins } from '../use-cases/list-live-admins.js';
import type { ListMembers } from '../use-cases/list-members.js';
import type { ListRooms } from '../use-cases/list-rooms.js';
import type { ListBanned, ListMuted } from '../use-cases/list-timed-users.js';
import type { ListVisitors } from '../use-cases/list-visitors.js';
import type { MarkVisitors } from '../use-cases/mark-visitors.js';
import type { ModifyGroup } from '../use-cases/modify-group.js';
import type { ModifyMember } from '../use-cases/modify-member.js';
import type { MuteMembers } from '../use-cases/mute-members.js';
import type { ListPins, PinMessage, UnpinMessage } from '../use-cases/pin-messages.js';
import type { QuitGroup } from '../use-cases/quit-group.js';
import type { RemoveMembers } from '../use-cases/remove-members.js';
import type { TransferGroup } from '../use-cases/transfer-group.js';
import { keyOf, placeIn } from './request-keys.js';

export interface GroupUseCases {
  readonly create: CreateGroup;
  readonly get: GetGroups;
  readonly modify: ModifyGroup;
  readonly destroy: DestroyGroup;
  readonly transfer: TransferGroup;
  readonly listOfApp: ListAppGroups;
  readonly listJoined: ListJoinedGroups;
  readonly listRooms: ListRooms;
  readonly addMembers: AddMembers;
  readonly removeMembers: RemoveMembers;
  readonly join: JoinGroup;
  readonly quit: QuitGroup;
  readonly modifyMember: ModifyMember;
  readonly listMembers: ListMembers;
  readonly getMembers: GetMembers;
  readonly mute: MuteMembers;
  readonly listMuted: ListMuted;
  readonly ban: BanMembers;
  readonly listBanned: ListBanned;
  readonly listApplications: ListApplications;
  readonly handleApplication: HandleApplication;
  readonly changeLiveAdmins: ChangeLiveAdmins;
  readonly checkVisitors: CheckVisitors;
  readonly listVisitors: ListVisitors;
  readonly markVisitors: MarkVisitors;
  readonly listLiveAdmins: ListLiveAdmins;
  readonly getAttributes: GetAttributes;
  readonly changeAttributes: ChangeAttributes;
  readonly getCounters: GetCounters;
  readonly changeCounters: ChangeCounters;
  readonly pin: PinMessage;
  readonly unpin: UnpinMessage;
  readonly listPins: ListPins;
  readonly countOnline: CountOnline;
  readonly sendFacts: GetSendFacts;
  readonly createTopic: CreateTopic;
  readonly getTopics: GetTopics;
  readonly modifyTopic: ModifyTopic;
  readonly destroyTopics: DestroyTopics;
}

type Handlers = ServiceHandlers<typeof groupv1.GroupService>;

export const createGroupHandlers = (use: GroupUseCases): Handlers => ({
  ...groupHandlers(use),
  ...listHandlers(use),
  ...memberHandlers(use),
  ...decisionHandlers(use),
  ...liveHandlers(use),
  ...valueHandlers(use),
  ...pinHandlers(use),
  ...topicHandlers(use),
});

const groupHandlers = (
  use: GroupUseCases,
): Pick<Handlers, 'createGroup' | 'getGroups' | 'modifyGroup' | 'destroyGroup' | 'transferGroup'> => ({
  createGroup: (request, context) => use.create.run(request, callerOf(context)),
  getGroups: (request, context) => use.get.run(request, callerOf(context)),
  modifyGroup: async (request, context) =>
    use.modify.run(keyOf(request, context), request, callerOf(context)),
  destroyGroup: async (request, context) => {
    await use.destroy.run(keyOf(request, context), request.operator, callerOf(context));
    return {};
  },
  transferGroup: async (request, context) => {
    await use.transfer.run(keyOf(request, context), request, callerOf(context));
    return {};
  },
});

const listHandlers = (
  use: GroupUseCases,
): Pick<Handlers, 'listAppGroups' | 'listJoinedGroups' | 'listRooms' | 'getSendFacts' | 'countOnline'> => ({
  listAppGroups: (request, context) => use.listOfApp.run(request, callerOf(context)),
  listJoinedGroups: (request, context) => use.listJoined.run(request, callerOf(context)),
  listRooms: (request, context) => use.listRooms.run(request.user, callerOf(context)),
  getSendFacts: async (request, context) => use.sendFacts.run(placeIn(request, context), request.userId),
  countOnline: async (request, context) => use.countOnline.run(keyOf(request, context), callerOf(context)),
});

const memberHandlers = (
  use: GroupUseCases,
): Pick<
  Handlers,
  'addMembers' | 'removeMembers' | 'joinGroup' | 'quitGroup' | 'modifyMember' | 'listMembers' | 'getMembers'
> => ({
  addMembers: async (request, context) =>
    use.addMembers.run(keyOf(request, context), request, callerOf(context)),
  removeMembers: async (request, context) => {
    await use.removeMembers.run(keyOf(request, context), request, callerOf(context));
    return {};
  },
  joinGroup: async (request, context) =>
    use.join.run(keyOf(request, context), request.message, callerOf(context)),
  quitGroup: async (request, context) => {
    await use.quit.run(keyOf(request, context), callerOf(context));
    return {};
  },
  modifyMember: async (request, context) =>
    use.modifyMember.run(placeIn(request, context), request, callerOf(context)),
  listMembers: async (request, context) =>
    use.listMembers.run(keyOf(request, context), request, callerOf(context)),
  getMembers: async (request, context) =>
    use.getMembers.run(keyOf(request, context), request, callerOf(context)),
});

const decisionHandlers = (
  use: GroupUseCases,
): Pick<
  Handlers,
  'muteMembers' | 'listMuted' | 'banMembers' | 'listBanned' | 'listApplications' | 'handleApplication'
> => ({
  muteMembers: async (request, context) => {
    await use.mute.run(placeIn(request, context), request, callerOf(context));
    return {};
  },
  listMuted: async (request, context) => use.listMuted.run(placeIn(request, context)),
  banMembers: async (request, context) => {
    await use.ban.run(keyOf(request, context), request, callerOf(context));
    return {};
  },
  listBanned: async (request, context) => use.listBanned.run(keyOf(request, context), request),
  listApplications: (_request, context) => use.listApplications.run(callerOf(context)),
  handleApplication: async (request, context) =>
    use.handleApplication.run(keyOf(request, context), request, callerOf(context)),
});

const liveHandlers = (
  use: GroupUseCases,
): Pick<
  Handlers,
  'changeLiveAdmins' | 'listLiveAdmins' | 'checkVisitors' | 'listVisitors' | 'markVisitors'
> => ({
  changeLiveAdmins: async (request, context) => {
    await use.changeLiveAdmins.run(keyOf(request, context), request, callerOf(context));
    return {};
  },
  checkVisitors: async (request, context) => use.checkVisitors.run(keyOf(request, context), request.userIds),
  listVisitors: async (request, context) =>
    use.listVisitors.run(keyOf(request, context), request, callerOf(context)),
  markVisitors: async (request, context) =>
    use.markVisitors.run(keyOf(request, context), request, callerOf(context)),
  listLiveAdmins: async (request, context) => use.listLiveAdmins.run(keyOf(request, context)),
});

const valueHandlers = (
  use: GroupUseCases,
): Pick<Handlers, 'getAttributes' | 'changeAttributes' | 'getCounters' | 'changeCounters'> => ({
  getAttributes: async (request, context) =>
    use.getAttributes.run(keyOf(request, context), request, callerOf(context)),
  changeAttributes: async (request, context) =>
    use.changeAttributes.run(keyOf(request, context), request, callerOf(context)),
  getCounters: async (request, context) =>
    use.getCounters.run(keyOf(request, context), request, callerOf(context)),
  changeCounters: async (request, context) =>
    use.changeCounters.run(keyOf(request, context), request, callerOf(context)),
});

const pinHandlers = (use: GroupUseCases): Pick<Handlers, 'pinMessage' | 'unpinMessage' | 'listPins'> => ({
  pinMessage: async (request, context) => {
    await use.pin.run(placeIn(request, context), request, callerOf(context));
    return {};
  },
  unpinMessage: async (request, context) => {
    await use.unpin.run(placeIn(request, context), request, callerOf(context));
    return {};
  },
  listPins: async (request, context) => use.listPins.run(placeIn(request, context), callerOf(context)),
});

const topicHandlers = (
  use: GroupUseCases,
): Pick<Handlers, 'createTopic' | 'getTopics' | 'modifyTopic' | 'destroyTopics'> => ({
  createTopic: async (request, context) =>
    use.createTopic.run(keyOf(request, context), request, callerOf(context)),
  getTopics: async (request, context) =>
    use.getTopics.run(keyOf(request, context), request, callerOf(context)),
  modifyTopic: async (request, context) => {
    const { key } = placeIn({ groupId: request.topicId }, context);
    return use.modifyTopic.run(key, request, callerOf(context));
  },
  destroyTopics: async (request, context) =>
    use.destroyTopics.run(keyOf(request, context), request, callerOf(context)),
});
