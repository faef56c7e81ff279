// Wires the objects of the part that keeps profiles; nothing else.
import { profilev1 } from '@parley/proto';
import { type Platform, register } from '@parley/runtime';
import type { Accounts } from '../accounts.js';
import type { ServicePart } from '../part.js';
import type { ProfileReader } from '../ports.js';
import type { ProfilesConfig } from './config.js';
import { parseCustomTags } from './custom-tags.js';
import { createProfileHandlers } from './rpc/profile-handlers.js';
import { ProfileStore } from './stores/profile-store.js';
import { GetProfiles } from './use-cases/get-profiles.js';

export interface Profiles {
  readonly part: ServicePart;
  readonly reader: ProfileReader;
}

export function createProfiles(platform: Platform, config: ProfilesConfig, accounts: Accounts): Profiles {
  const store = new ProfileStore(platform.tables);
  const customTagsOf = parseCustomTags(config.customFields);
  const getProfiles = new GetProfiles({ store, accounts, customTagsOf });
  return {
    reader: getProfiles,
    part: {
      registrations: [register(profilev1.ProfileService, createProfileHandlers({ getProfiles }))],
      start: async () => undefined,
      stop: async () => undefined,
    },
  };
}
