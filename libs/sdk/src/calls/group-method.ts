// The calls about groups: see method.ts.
import { groupv1 } from '@parley/proto';

export const GROUP_METHOD = {
  createGroup: {
    number: 40,
    input: groupv1.CreateGroupRequestSchema,
    output: groupv1.CreateGroupResponseSchema,
  },
  getGroups: { number: 41, input: groupv1.GetGroupsRequestSchema, output: groupv1.GetGroupsResponseSchema },
  modifyGroup: {
    number: 42,
    input: groupv1.ModifyGroupRequestSchema,
    output: groupv1.ModifyGroupResponseSchema,
  },
  destroyGroup: {
    number: 43,
    input: groupv1.DestroyGroupRequestSchema,
    output: groupv1.DestroyGroupResponseSchema,
  },
  transferGroup: {
    number: 44,
    input: groupv1.TransferGroupRequestSchema,
    output: groupv1.TransferGroupResponseSchema,
  },
  listJoinedGroups: {
    number: 45,
    input: groupv1.ListJoinedGroupsRequestSchema,
    output: groupv1.ListJoinedGroupsResponseSchema,
  },
  addMembers: {
    number: 46,
    input: groupv1.AddMembersRequestSchema,
    output: groupv1.AddMembersResponseSchema,
  },
  removeMembers: {
    number: 47,
    input: groupv1.RemoveMembersRequestSchema,
    output: groupv1.RemoveMembersResponseSchema,
  },
  joinGroup: { number: 48, input: groupv1.JoinGroupRequestSchema, output: groupv1.JoinGroupResponseSchema },
  quitGroup: { number: 49, input: groupv1.QuitGroupRequestSchema, output: groupv1.QuitGroupResponseSchema },
  modifyMember: {
    number: 50,
    input: groupv1.ModifyMemberRequestSchema,
    output: groupv1.ModifyMemberResponseSchema,
  },
  listMembers: {
    number: 51,
    input: groupv1.ListMembersRequestSchema,
    output: groupv1.ListMembersResponseSchema,
  },
  getMembers: {
    number: 52,
    input: groupv1.GetMembersRequestSchema,
    output: groupv1.GetMembersResponseSchema,
  },
  banMembers: {
    number: 53,
    input: groupv1.BanMembersRequestSchema,
    output: groupv1.BanMembersResponseSchema,
  },
  listApplications: {
    number: 54,
    input: groupv1.ListApplicationsRequestSchema,
    output: groupv1.ListApplicationsResponseSchema,
  },
  handleApplication: {
    number: 55,
    input: groupv1.HandleApplicationRequestSchema,
    output: groupv1.HandleApplicationResponseSchema,
  },
  getAttributes: {
    number: 56,
    input: groupv1.GetAttributesRequestSchema,
    output: groupv1.GetAttributesResponseSchema,
  },
  changeAttributes: {
    number: 57,
    input: groupv1.ChangeAttributesRequestSchema,
    output: groupv1.ChangeAttributesResponseSchema,
  },
  getCounters: {
    number: 58,
    input: groupv1.GetCountersRequestSchema,
    output: groupv1.GetCountersResponseSchema,
  },
  changeCounters: {
    number: 59,
    input: groupv1.ChangeCountersRequestSchema,
    output: groupv1.ChangeCountersResponseSchema,
  },
  pinMessage: {
    number: 61,
    input: groupv1.PinMessageRequestSchema,
    output: groupv1.PinMessageResponseSchema,
  },
  unpinMessage: {
    number: 62,
    input: groupv1.UnpinMessageRequestSchema,
    output: groupv1.UnpinMessageResponseSchema,
  },
  listPins: { number: 63, input: groupv1.ListPinsRequestSchema, output: groupv1.ListPinsResponseSchema },
  listVisitors: {
    number: 64,
    input: groupv1.ListVisitorsRequestSchema,
    output: groupv1.ListVisitorsResponseSchema,
  },
  markVisitors: {
    number: 65,
    input: groupv1.MarkVisitorsRequestSchema,
    output: groupv1.MarkVisitorsResponseSchema,
  },
  countOnline: {
    number: 60,
    input: groupv1.CountOnlineRequestSchema,
    output: groupv1.CountOnlineResponseSchema,
  },
} as const;
