// The calls about friends, applications, friend groups and the blocklist: see method.ts.
import { relationv1 } from '@parley/proto';

export const RELATION_METHOD = {
  addFriends: {
    number: 120,
    input: relationv1.AddFriendsRequestSchema,
    output: relationv1.AddFriendsResponseSchema,
  },
  updateFriends: {
    number: 121,
    input: relationv1.UpdateFriendsRequestSchema,
    output: relationv1.UpdateFriendsResponseSchema,
  },
  deleteFriends: {
    number: 122,
    input: relationv1.DeleteFriendsRequestSchema,
    output: relationv1.DeleteFriendsResponseSchema,
  },
  checkFriends: {
    number: 124,
    input: relationv1.CheckFriendsRequestSchema,
    output: relationv1.CheckFriendsResponseSchema,
  },
  listFriends: {
    number: 125,
    input: relationv1.ListFriendsRequestSchema,
    output: relationv1.ListFriendsResponseSchema,
  },
  getFriends: {
    number: 126,
    input: relationv1.GetFriendsRequestSchema,
    output: relationv1.GetFriendsResponseSchema,
  },
  listFriendApplications: {
    number: 127,
    input: relationv1.ListApplicationsRequestSchema,
    output: relationv1.ListApplicationsResponseSchema,
  },
  acceptApplication: {
    number: 128,
    input: relationv1.AcceptApplicationRequestSchema,
    output: relationv1.AcceptApplicationResponseSchema,
  },
  refuseApplication: {
    number: 129,
    input: relationv1.RefuseApplicationRequestSchema,
    output: relationv1.RefuseApplicationResponseSchema,
  },
  deleteApplications: {
    number: 130,
    input: relationv1.DeleteApplicationsRequestSchema,
    output: relationv1.DeleteApplicationsResponseSchema,
  },
  markApplicationsRead: {
    number: 131,
    input: relationv1.MarkApplicationsReadRequestSchema,
    output: relationv1.MarkApplicationsReadResponseSchema,
  },
  addToBlocklist: {
    number: 132,
    input: relationv1.AddToBlocklistRequestSchema,
    output: relationv1.AddToBlocklistResponseSchema,
  },
  removeFromBlocklist: {
    number: 133,
    input: relationv1.RemoveFromBlocklistRequestSchema,
    output: relationv1.RemoveFromBlocklistResponseSchema,
  },
  listBlocklist: {
    number: 134,
    input: relationv1.ListBlocklistRequestSchema,
    output: relationv1.ListBlocklistResponseSchema,
  },
  createFriendGroups: {
    number: 136,
    input: relationv1.CreateFriendGroupsRequestSchema,
    output: relationv1.CreateFriendGroupsResponseSchema,
  },
  deleteFriendGroups: {
    number: 137,
    input: relationv1.DeleteFriendGroupsRequestSchema,
    output: relationv1.DeleteFriendGroupsResponseSchema,
  },
  listFriendGroups: {
    number: 138,
    input: relationv1.ListFriendGroupsRequestSchema,
    output: relationv1.ListFriendGroupsResponseSchema,
  },
  renameFriendGroup: {
    number: 139,
    input: relationv1.RenameFriendGroupRequestSchema,
    output: relationv1.RenameFriendGroupResponseSchema,
  },
  changeFriendGroupMembers: {
    number: 140,
    input: relationv1.ChangeFriendGroupMembersRequestSchema,
    output: relationv1.ChangeFriendGroupMembersResponseSchema,
  },
  getListVersions: {
    number: 141,
    input: relationv1.GetListVersionsRequestSchema,
    output: relationv1.GetListVersionsResponseSchema,
  },
} as const;
