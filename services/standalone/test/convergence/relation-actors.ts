// What users and a back end do at random to who is whose friend.
import TencentCloudChat from '@parley/sdk';
import { type Device, type Json, rest } from '../scenarios/world.js';
import type { UnsteadyDevices } from './unsteady-devices.js';

const { TYPES } = TencentCloudChat;
const source = 'AddSource_Type_Web';
export const GROUP_NAMES = ['work', 'home', 'club'];

export interface RelationStage {
  readonly unsteady: UnsteadyDevices;
  readonly users: readonly string[];
}

type RelationAct = (device: Device['chat'], picked: Picked) => Promise<unknown>;

interface Picked {
  readonly other: string;
  /** All but the user. */
  readonly others: string[];
  readonly name: string;
  readonly newName: string;
  readonly text: string;
}

const SDK_ACTS: readonly RelationAct[] = [
  (chat, { other: to, text: remark, name: groupName }) => chat.addFriend({ to, source, remark, groupName }),
  (chat, { other: to }) => chat.addFriend({ to, source, wording: 'let us be friends' }),
  (chat, { other: to }) => chat.addFriend({ to, source, type: TYPES.SNS_ADD_TYPE_SINGLE }),
  (chat, { other: userID, text: remark }) =>
    chat.acceptFriendApplication({ userID, remark, type: TYPES.SNS_APPLICATION_AGREE_AND_ADD }),
  (chat, { other: userID }) => chat.acceptFriendApplication({ userID, type: TYPES.SNS_APPLICATION_AGREE }),
  (chat, { other: userID }) => chat.refuseFriendApplication({ userID }),
  (chat, { other: userID }) =>
    chat.deleteFriendApplication({ userID, type: TYPES.SNS_APPLICATION_SENT_BY_ME }),
  (chat) => chat.setFriendApplicationRead(),
  (chat, { other }) => chat.deleteFriend({ userIDList: [other] }),
  (chat, { other }) => chat.deleteFriend({ userIDList: [other], type: TYPES.SNS_DELETE_TYPE_SINGLE }),
  (chat, { other: userID, text: remark }) => chat.updateFriend({ userID, remark }),
  (chat, { other, name }) => chat.createFriendGroup({ name, userIDList: [other] }),
  (chat, { other, name }) => chat.addToFriendGroup({ name, userIDList: [other] }),
  (chat, { other, name }) => chat.removeFromFriendGroup({ name, userIDList: [other] }),
  (chat, { name: oldName, newName }) => chat.renameFriendGroup({ oldName, newName }),
  (chat, { name }) => chat.deleteFriendGroup({ name }),
  (chat, { others: userIDList }) => chat.deleteFriend({ userIDList }),
  (chat, { other }) => chat.addToBlacklist({ userIDList: [other] }),
  (chat, { others: userIDList }) => chat.addToBlacklist({ userIDList }),
  (chat, { other }) => chat.removeFromBlacklist({ userIDList: [other] }),
  (chat, { others: userIDList }) => chat.removeFromBlacklist({ userIDList }),
  (chat, { text: nick }) => chat.updateMyProfile({ nick }),
  (chat, { text: customStatus }) => chat.setSelfStatus({ customStatus }),
  (chat, { name }) =>
    chat.updateMyProfile({
      allowType: name === 'work' ? TYPES.ALLOW_TYPE_ALLOW_ANY : TYPES.ALLOW_TYPE_NEED_CONFIRM,
    }),
];

function pick({ unsteady, users }: RelationStage, self: string): Picked {
  const others = users.filter((user) => user !== self);
  return {
    others,
    other: unsteady.pick(others),
    name: unsteady.pick(GROUP_NAMES),
    newName: unsteady.pick(GROUP_NAMES),
    text: `${self} ${Math.floor(unsteady.random() * 1e6)}`,
  };
}

/** One random act of a device. */
export const actOf =
  (stage: RelationStage, { chat, userID }: Device) =>
  () =>
    stage.unsteady.codeOf(stage.unsteady.pick(SDK_ACTS)(chat, pick(stage, userID)));

/** One random act of the app's back end, which nobody cuts off. Answers the code. */
export const backEndAct = (stage: RelationStage) => async (): Promise<number> => {
  const { unsteady, users } = stage;
  const From_Account = unsteady.pick(users);
  const { other, name, text } = pick(stage, From_Account);
  const To_Account = [other];
  const remark = { Tag: 'Tag_SNS_IM_Remark', Value: text };
  const groups = { Tag: 'Tag_SNS_IM_Group', Value: [name] };
  const custom = { Tag: 'Tag_SNS_Custom_Note', Value: text };
  const nick = { Tag: 'Tag_Profile_IM_Nick', Value: text };
  const [command, body]: [string, Json] = unsteady.pick([
    ['sns/friend_add', { AddFriendItem: [{ To_Account: other, AddSource: source }] }],
    ['sns/friend_add', { AddFriendItem: [{ To_Account: other, AddSource: source }], ForceAddFlags: 1 }],
    ['sns/friend_delete', { To_Account, DeleteType: 'Delete_Type_Both' }],
    ['sns/friend_update', { UpdateItem: [{ To_Account: other, SnsItem: [remark, groups] }] }],
    ['sns/friend_update', { UpdateItem: [{ To_Account: other, SnsItem: [custom] }] }],
    ['sns/group_add', { GroupName: [name], To_Account }],
    ['sns/group_delete', { GroupName: [name] }],
    ['sns/black_list_add', { To_Account }],
    ['sns/black_list_delete', { To_Account }],
    ['profile/portrait_set', { ProfileItem: [nick] }],
  ]);
  const { ErrorCode } = await rest(unsteady.world, command, { From_Account, ...body });
  return ErrorCode;
};
