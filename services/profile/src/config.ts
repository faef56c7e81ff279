// Settings of the profile service: each part brings its own.
import { defineSection } from '@parley/config';
import { type FollowConfig, followFields } from './follow/config.js';
import { type PresenceConfig, presenceFields } from './presence/config.js';
import { type ProfilesConfig, profilesFields } from './profiles/config.js';
import { type RelationsConfig, relationsFields } from './relations/config.js';

export interface ProfileConfig extends ProfilesConfig, FollowConfig, PresenceConfig, RelationsConfig {}

export const profileConfig = defineSection<ProfileConfig>('profile', {
  ...profilesFields,
  ...followFields,
  ...presenceFields,
  ...relationsFields,
});
