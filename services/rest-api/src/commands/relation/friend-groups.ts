// Friend groups. Source: rest-accounts-messages.md 9.11.
import { relationv1 } from '@parley/proto';
import { fieldOf, optionalChoice, optionalTexts } from '../../json/fields.js';
import { defineCommand } from '../command.js';
import { answered, BAD, fromAccount, rendered, SNS, textsOf } from './relation-fields.js';

const GROUPS_MAX = 32;

const sequence = (versions: relationv1.ListVersions | undefined): number => Number(versions?.groups ?? 0n);

interface Creation {
  readonly userId: string;
  readonly names: string[];
  readonly userIds: string[];
}

export const groupAdd = defineCommand<Creation, relationv1.CreateFriendGroupsResponse>({
  path: 'sns/group_add',
  ...SNS,
  parse: (body) => ({
    userId: fromAccount(body),
    names: textsOf(body, 'GroupName', GROUPS_MAX),
    userIds: fieldOf(body, 'To_Account') === undefined ? [] : textsOf(body, 'To_Account'),
  }),
  call: (creation, { tools, context }) => tools.relations.createFriendGroups(creation, context),
  render: ({ versions, results }) =>
    answered({
      ...(results.length === 0
        ? {}
        : rendered('ResultItem', results, { infos: { 32216: 'Err_SNS_GroupAdd_ToTinyId_Not_Friend' } })),
      CurrentSequence: sequence(versions),
    }),
});

export const groupDelete = defineCommand<Omit<Creation, 'userIds'>, relationv1.DeleteFriendGroupsResponse>({
  path: 'sns/group_delete',
  ...SNS,
  parse: (body) => ({ userId: fromAccount(body), names: textsOf(body, 'GroupName', GROUPS_MAX) }),
  call: (deletion, { tools, context }) => tools.relations.deleteFriendGroups(deletion, context),
  render: ({ versions }) => answered({ CurrentSequence: sequence(versions) }),
});

const NEEDS: ReadonlyMap<string, boolean> = new Map([
  ['Need_Friend_Type_Yes', true],
  ['Need_Friend_Type_No', false],
]);

interface Query {
  readonly userId: string;
  readonly names: string[];
  readonly withFriends: boolean;
}

export const groupGet = defineCommand<Query, relationv1.ListFriendGroupsResponse>({
  path: 'sns/group_get',
  ...SNS,
  parse: (body) => ({
    userId: fromAccount(body),
    names: [...optionalTexts(body, 'GroupName', BAD)],
    withFriends: optionalChoice(body, 'NeedFriend', { values: NEEDS, code: BAD }) ?? false,
  }),
  call: (query, { tools, context }) => tools.relations.listFriendGroups(query, context),
  render: ({ groups, versions }, { withFriends }) =>
    answered({
      ResultItem: groups.map(({ name, friendCount, userIds }) => ({
        GroupName: name,
        FriendNumber: friendCount,
        ...(withFriends ? { To_Account: userIds } : {}),
      })),
      CurrentSequence: sequence(versions),
    }),
});
