// Settings of follow.
import { type Fields, field } from '@parley/config';
import { z } from 'zod';
import type { FollowLimits } from './domain/follow-head.js';

export interface FollowConfig {
  readonly followApps: string;
  readonly followingMax: number;
  readonly followersMax: number;
  readonly mutualFollowsMax: number;
}

const count = (max: number) => z.coerce.number().int().min(1).max(max);

export const followFields: Fields<FollowConfig> = {
  followApps: field({
    schema: z.string().regex(/^([*]|[1-9][0-9]{0,9}(,[1-9][0-9]{0,9}){0,999})?$/),
    default: '*',
    env: 'PARLEY_FOLLOW_APPS',
    doc: 'SDKAppIDs, joined by commas, that have follow switched on; * is all apps.',
  }),
  followingMax: field({
    schema: count(100_000),
    default: 3_000,
    env: 'PARLEY_FOLLOWING_MAX',
    doc: 'Users that one user may follow.',
  }),
  followersMax: field({
    schema: count(10_000_000),
    default: 100_000,
    env: 'PARLEY_FOLLOWERS_MAX',
    doc: 'Followers that one user may have.',
  }),
  mutualFollowsMax: field({
    schema: count(100_000),
    default: 3_000,
    env: 'PARLEY_MUTUAL_FOLLOWS_MAX',
    doc: 'Users that one user may follow who follow back.',
  }),
};

export const limitsOf = (config: FollowConfig): FollowLimits => ({
  following: config.followingMax,
  followers: config.followersMax,
  mutual: config.mutualFollowsMax,
});
