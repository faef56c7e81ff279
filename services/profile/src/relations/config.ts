// Settings of relations.
import { type Fields, field } from '@parley/config';
import { z } from 'zod';
import { parseFriendFields } from './custom-fields.js';

export interface RelationsConfig {
  readonly friendCustomFields: string;
}

const friendFields = z.string().superRefine((text, problem) => {
  try {
    parseFriendFields(text);
  } catch (thrown) {
    problem.addIssue({ code: 'custom', message: thrown instanceof Error ? thrown.message : String(thrown) });
  }
});

export const relationsFields: Fields<RelationsConfig> = {
  friendCustomFields: field({
    schema: friendFields,
    default: '{}',
    env: 'PARLEY_FRIEND_CUSTOM_FIELDS',
    doc: 'Custom fields of friends, as JSON: SDKAppID (or * for all other apps) to a list of up to 20 keys, each up to 8 letters.',
  }),
};
