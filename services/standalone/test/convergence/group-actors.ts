// What members of a group and a back end do to it at random.
import TencentCloudChat from '@parley/sdk';
import { type Device, type Json, rest, type World } from '../scenarios/world.js';
import { isUnknownOutcome, type UnsteadyDevices } from './unsteady-devices.js';

const { TYPES } = TencentCloudChat;
const SERVICE = 'group_open_http_svc';

/** A sum of which every part was added once: between what surely was and what may have been. */
export class Tally {
  sure = 0;
  unknown = 0;

  note(code: number, value: number): void {
    if (code === 0) this.sure += value;
    else if (isUnknownOutcome(code)) this.unknown += value;
  }
}

export interface GroupStage {
  readonly unsteady: UnsteadyDevices;
  readonly groupID: string;
  /** Whoever is added, removed, muted; the owner stands first and stays. */
  readonly users: readonly string[];
  readonly likes: Tally;
}

type GroupAct = (stage: GroupStage, one: Device) => Promise<number>;

const others = ({ unsteady, users }: GroupStage): string => unsteady.pick(users.slice(1));

const SDK_ACTS: readonly GroupAct[] = [
  ({ unsteady, groupID }, { chat, userID }) => {
    const text = `${userID} ${unsteady.random()}`;
    const message = chat.createTextMessage({
      ...{ to: groupID, conversationType: TYPES.CONV_GROUP, payload: { text } },
    });
    return unsteady.codeOf(chat.sendMessage(message));
  },
  ({ unsteady, groupID }, { chat }) => unsteady.codeOf(chat.joinGroup({ groupID })),
  ({ unsteady, groupID }, { chat }) => unsteady.codeOf(chat.quitGroup(groupID)),
  (stage, { chat }) =>
    stage.unsteady.codeOf(chat.addGroupMember({ groupID: stage.groupID, userIDList: [others(stage)] })),
  (stage, { chat }) =>
    stage.unsteady.codeOf(chat.deleteGroupMember({ groupID: stage.groupID, userIDList: [others(stage)] })),
  (stage, { chat }) => {
    const role = stage.unsteady.pick([TYPES.GRP_MBR_ROLE_ADMIN, TYPES.GRP_MBR_ROLE_MEMBER]);
    const change = { groupID: stage.groupID, userID: others(stage), role };
    return stage.unsteady.codeOf(chat.setGroupMemberRole(change));
  },
  (stage, { chat }) => {
    const muteTime = stage.unsteady.pick([0, 600]);
    const change = { groupID: stage.groupID, userID: others(stage), muteTime };
    return stage.unsteady.codeOf(chat.setGroupMemberMuteTime(change));
  },
  ({ unsteady, groupID }, { chat }) => {
    const groupAttributes = { [unsteady.pick(['a', 'b', 'c'])]: String(unsteady.random()) };
    return unsteady.codeOf(chat.setGroupAttributes({ groupID, groupAttributes }));
  },
  async ({ unsteady, groupID, likes }, { chat }) => {
    const value = 1 + Math.floor(unsteady.random() * 9);
    const code = await unsteady.codeOf(chat.increaseGroupCounter({ groupID, key: 'likes', value }));
    likes.note(code, value);
    return code;
  },
  ({ unsteady, groupID }, { chat }) => {
    const notification = `read ${Math.floor(unsteady.random() * 1e6)}`;
    return unsteady.codeOf(chat.updateGroupProfile({ groupID, notification }));
  },
];

/** One random act of a device. */
export const actOf = (stage: GroupStage, one: Device) => () => stage.unsteady.pick(SDK_ACTS)(stage, one);

/** One random act of the app's back end, which nobody cuts off. Answers the code. */
export const backEndAct =
  ({ unsteady, groupID, users, likes }: GroupStage, world: World) =>
  async (): Promise<number> => {
    const user = unsteady.pick(users.slice(1));
    const value = 1 + Math.floor(unsteady.random() * 9);
    const members = { MemberList: [{ Member_Account: user }] };
    const text = { MsgType: 'TIMTextElem', MsgContent: { Text: `back end ${unsteady.random()}` } };
    const [command, body]: [string, Json] = unsteady.pick([
      ['add_group_member', members],
      ['delete_group_member', { MemberToDel_Account: [user] }],
      ['modify_group_member_info', { Member_Account: user, Role: unsteady.pick(['Admin', 'Member']) }],
      ['forbid_send_msg', { Members_Account: [user], MuteTime: unsteady.pick([0, 600]) }],
      ['modify_group_base_info', { Name: `name ${value}` }],
      ['update_group_counter', { GroupCounter: [{ Key: 'likes', Value: value }], Mode: 'Increase' }],
      ['send_group_msg', { Random: Math.floor(unsteady.random() * 0xffff_ffff), MsgBody: [text] }],
    ]);
    const { ErrorCode } = await rest(world, `${SERVICE}/${command}`, { GroupId: groupID, ...body });
    if (command === 'update_group_counter') likes.note(ErrorCode, value);
    return ErrorCode;
  };
