// Settings of the profile service: each part brings its own.
import { defineSection } from '@parley/config';
import { type ProfilesConfig, profilesFields } from './profiles/config.js';

export interface ProfileConfig extends ProfilesConfig {}

export const profileConfig = defineSection<ProfileConfig>('profile', { ...profilesFields });
