// The user's groups of friends.
import type { Caller } from '../calls/caller.js';
import { RELATION_METHOD } from '../calls/relation-method.js';
import { RELATION_USERS_MAX } from '../constants/limits.js';
import { FailureCode } from '../events/failure.js';
import { check, isText, requireUserIDs } from '../groups/checks.js';
import type { FriendGroup, FriendGroupData, FriendGroupOptions } from '../model/relation-sdk.js';
import { requireNames } from './relation-checks.js';
import type { RelationSync } from './relation-sync.js';
import type { RelationTeller } from './relation-teller.js';
import { failuresOf } from './relation-view.js';

export interface FriendGroupCallsOptions {
  readonly caller: Caller;
  readonly relationSync: RelationSync;
  readonly teller: RelationTeller;
}

export class FriendGroupCalls {
  constructor(private readonly options: FriendGroupCallsOptions) {}

  async list(): Promise<FriendGroup[]> {
    await this.options.relationSync.need('contacts');
    return this.options.teller.friendGroupList();
  }

  async create(options: FriendGroupOptions): Promise<FriendGroupData> {
    const name = requireName(options?.name);
    const userIds = [...new Set(requireUserIDs(options.userIDList ?? [], RELATION_USERS_MAX))];
    const isTaken = (await this.list()).some((group) => group.name === name);
    check(!isTaken, 'there is a friend group of this name', FailureCode.RELATION_BAD_PARAMETER);
    const request = { names: [name], userIds };
    const { results } = await this.options.caller.call(RELATION_METHOD.createFriendGroups, request);
    return { friendGroup: await this.settled(name), failureUserIDList: failuresOf(results) };
  }

  async remove(options: { name: string }): Promise<FriendGroup> {
    const name = requireName(options?.name);
    const group = (await this.list()).find((one) => one.name === name);
    check(group !== undefined, 'there is no such friend group', FailureCode.RELATION_BAD_PARAMETER);
    await this.options.caller.call(RELATION_METHOD.deleteFriendGroups, { names: [name] });
    await this.options.relationSync.settle();
    return group;
  }

  async rename(options: { oldName: string; newName: string }): Promise<FriendGroup> {
    const [oldName, newName] = [requireName(options?.oldName), requireName(options?.newName)];
    await this.options.relationSync.need('contacts');
    await this.options.caller.call(RELATION_METHOD.renameFriendGroup, { oldName, newName });
    return this.settled(newName);
  }

  add(options: FriendGroupOptions): Promise<FriendGroupData> {
    return this.change(options, (added) => ({ added }));
  }

  take(options: FriendGroupOptions): Promise<FriendGroupData> {
    return this.change(options, (removed) => ({ removed }));
  }

  private async change(
    options: FriendGroupOptions,
    toChange: (userIDs: string[]) => { readonly added?: string[]; readonly removed?: string[] },
  ): Promise<FriendGroupData> {
    const name = requireName(options?.name);
    const change = toChange(requireNames(options.userIDList, RELATION_USERS_MAX));
    await this.options.relationSync.need('contacts');
    const request = { name, ...change };
    const { results } = await this.options.caller.call(RELATION_METHOD.changeFriendGroupMembers, request);
    return { friendGroup: await this.settled(name), failureUserIDList: failuresOf(results) };
  }

  private async settled(name: string): Promise<FriendGroup> {
    await this.options.relationSync.settle();
    const group = this.options.teller.friendGroupList().find((one) => one.name === name);
    return group ?? { name, userIDList: [], count: 0 };
  }
}

function requireName(name: unknown): string {
  check(isText(name), 'a friend group has a name');
  return name;
}
