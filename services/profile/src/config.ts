// Settings of the profile service: each part brings its own.
import { defineSection } from '@parley/config';
import { type FollowConfig, followFields } from './follow/config.js';
import { type ProfilesConfig, profilesFields } from './profiles/config.js';

export interface ProfileConfig extends ProfilesConfig, FollowConfig {}

export const profileConfig = defineSection<ProfileConfig>('profile', { ...profilesFields, ...followFields });
