// Settings of the group service. Where the compatible system has plans, the defaults are its top ones.
import { defineSection, field } from '@parley/config';
import { z } from 'zod';
import type { FieldLimits } from './domain/group-fields.js';
import { parseCustomDeclarations } from './settings/custom-declarations.js';
import { parseCustomTypes } from './settings/custom-types.js';

export interface GroupConfig extends FieldLimits {
  readonly permissionGroupMembersMax: number;
  readonly joinedGroupsMax: number;
  readonly liveGroupsMax: number;
  readonly groupsPerDayMax: number;
  readonly invitesNeedConsent: boolean;
  readonly customTypes: string;
  readonly customFields: string;
}

const json = (parse: (text: string) => unknown) =>
  z.string().superRefine((text, problem) => {
    try {
      parse(text);
    } catch (thrown) {
      problem.addIssue({
        code: 'custom',
        message: thrown instanceof Error ? thrown.message : String(thrown),
      });
    }
  });

const bytes = (name: string, value: number, what: string) =>
  field({
    schema: z.number().int().min(1).max(3_000),
    default: value,
    env: `PARLEY_GROUP_${name}_BYTES_MAX`,
    doc: `Longest ${what} of a group.`,
    unit: 'bytes',
  });

export const groupConfig = defineSection<GroupConfig>('group', {
  nameBytesMax: bytes('NAME', 100, 'name'),
  introductionBytesMax: bytes('INTRODUCTION', 400, 'introduction'),
  notificationBytesMax: bytes('NOTIFICATION', 400, 'notification'),
  faceUrlBytesMax: bytes('FACE_URL', 500, 'face URL'),
  groupMembersMax: field({
    schema: z.number().int().min(2).max(100_000),
    default: 6_000,
    env: 'PARLEY_GROUP_MEMBERS_MAX',
    doc: 'Members of a group that is no community.',
    unit: 'members',
  }),
  communityMembersMax: field({
    schema: z.number().int().min(2).max(1_000_000),
    default: 100_000,
    env: 'PARLEY_COMMUNITY_MEMBERS_MAX',
    doc: 'Members of a community.',
    unit: 'members',
  }),
  permissionGroupMembersMax: field({
    schema: z.number().int().min(1).max(1_000_000),
    default: 100_000,
    env: 'PARLEY_PERMISSION_GROUP_MEMBERS_MAX',
    doc: 'Members of a permission group of a community.',
    unit: 'members',
  }),
  joinedGroupsMax: field({
    schema: z.number().int().min(1).max(10_000),
    default: 3_000,
    env: 'PARLEY_JOINED_GROUPS_MAX',
    doc: 'Groups that one user may create and join.',
    unit: 'groups',
  }),
  liveGroupsMax: field({
    schema: z.number().int().min(0).max(10_000_000),
    default: 0,
    env: 'PARLEY_LIVE_GROUPS_MAX',
    doc: 'Live groups (AVChatRoom) of one app; 0 is no limit.',
    unit: 'groups',
  }),
  groupsPerDayMax: field({
    schema: z.number().int().min(0).max(10_000_000),
    default: 10_000,
    env: 'PARLEY_GROUPS_PER_DAY_MAX',
    doc: 'Groups that are no communities that one app may create in 24 hours; 0 is no limit.',
    unit: 'groups',
  }),
  invitesNeedConsent: field({
    schema: z.boolean(),
    default: false,
    env: 'PARLEY_GROUP_INVITES_NEED_CONSENT',
    doc: 'Whoever is invited by a member decides about it.',
  }),
  customTypes: field({
    schema: json(parseCustomTypes),
    default: '[]',
    env: 'PARLEY_GROUP_TYPES',
    doc: 'Own types of groups, as JSON: a list of {name, base, …} with the fields of a type that differ from its base.',
  }),
  customFields: field({
    schema: json(parseCustomDeclarations),
    default: '[]',
    env: 'PARLEY_GROUP_CUSTOM_FIELDS',
    doc: 'Custom fields, as JSON: a list of {key, scope (group or member), types, read, write}; an empty list allows every key.',
  }),
});
