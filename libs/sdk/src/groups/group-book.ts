// Every group that this session is in.
import type { groupv1 } from '@parley/proto';
import { TYPES } from '../constants/types.js';
import type { Group } from '../model/conversation.js';
import { createEmptyGroup } from '../sync/conversation-view.js';
import { fromRemindType, toSelf, updateGroup } from './group-view.js';

export interface GroupState {
  /** The object that the app sees; stays the same, changes in place. */
  readonly view: Group;
  isLive: boolean;
  /** What the user wants of single topics, by their ids. */
  topicOptions: Readonly<Record<string, groupv1.ReceiveOption>>;
  /** Of the attributes as they were seen last; undefined: not seen yet. */
  attributesSeq: bigint | undefined;
  online: { readonly count: number; readonly atMs: number } | undefined;
}

/** A group without durable members: a connection is in it for as long as it lives. Own types may be so, too. */
export const isLiveGroup = ({ live, type }: Pick<groupv1.Group, 'live' | 'type'>): boolean =>
  live || type === TYPES.GRP_AVCHATROOM;

export class GroupBook {
  private readonly states = new Map<string, GroupState>();

  get(groupID: string): GroupState | undefined {
    return this.states.get(groupID);
  }

  list(): Group[] {
    return [...this.states.values()].map(({ view }) => view);
  }

  isLive(groupID: string): boolean {
    return this.states.get(groupID)?.isLive === true;
  }

  /** Ids of the live groups. */
  listLive(): string[] {
    return [...this.states].flatMap(([groupID, { isLive }]) => (isLive ? [groupID] : []));
  }

  /** A topic of which the user has said nothing follows its community. */
  remindTypeIn(groupID: string, topicID: string): TYPES {
    const state = this.states.get(groupID);
    const option = state?.topicOptions[topicID];
    if (option !== undefined) return fromRemindType(option);
    return state?.view.selfInfo.messageRemindType ?? TYPES.MSG_REMIND_ACPT_AND_NOTE;
  }

  /** Takes over what the service says. Without a membership the known one stays. */
  put(group: groupv1.Group, self?: groupv1.Member): GroupState {
    const state = this.states.get(group.groupId) ?? createState(group.groupId);
    updateGroup(state.view, group);
    state.isLive = isLiveGroup(group);
    if (self !== undefined) {
      state.view.selfInfo = toSelf(self);
      state.topicOptions = self.topicReceiveOptions;
    }
    this.states.set(group.groupId, state);
    return state;
  }

  /** @returns whether it was there. */
  remove(groupID: string): boolean {
    return this.states.delete(groupID);
  }
}

const createState = (groupID: string): GroupState => ({
  view: createEmptyGroup(groupID),
  isLive: false,
  topicOptions: {},
  attributesSeq: undefined,
  online: undefined,
});

/** A group that this session need not be in. */
export function viewGroup(group: groupv1.Group, self?: groupv1.Member): Group {
  const view = createEmptyGroup(group.groupId);
  updateGroup(view, group);
  if (self !== undefined) view.selfInfo = toSelf(self);
  return view;
}
