// Settings of profiles.
import { type Fields, field } from '@parley/config';
import { z } from 'zod';
import { parseCustomTags } from './custom-tags.js';

export interface ProfilesConfig {
  readonly customFields: string;
  readonly friendsOnlyApps: string;
}

const customTags = z.string().superRefine((text, problem) => {
  try {
    parseCustomTags(text);
  } catch (thrown) {
    problem.addIssue({ code: 'custom', message: thrown instanceof Error ? thrown.message : String(thrown) });
  }
});

export const profilesFields: Fields<ProfilesConfig> = {
  customFields: field({
    schema: customTags,
    default: '{}',
    env: 'PARLEY_PROFILE_CUSTOM_FIELDS',
    doc: 'Custom fields of profiles, as JSON: SDKAppID (or * for all other apps) to a list of {key, read, write}, each a list of App and Admin.',
  }),
  friendsOnlyApps: field({
    schema: z.string().regex(/^([*]|[1-9][0-9]{0,9}(,[1-9][0-9]{0,9}){0,999})?$/),
    default: '',
    env: 'PARLEY_FRIENDS_ONLY_APPS',
    doc: 'SDKAppIDs, joined by commas, in which only friends may send each other messages; * is all apps.',
  }),
};
