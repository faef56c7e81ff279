// ProfileService over the use-cases; thin.
import type { profilev1 } from '@parley/proto';
import type { ServiceHandlers } from '@parley/rpc';
import type { GetProfiles } from '../use-cases/get-profiles.js';
import type { GetSendFacts } from '../use-cases/get-send-facts.js';
import type { SpeakMutes } from '../use-cases/speak-mutes.js';
import type { UpdateProfile } from '../use-cases/update-profile.js';

export interface ProfileUseCases {
  readonly getProfiles: GetProfiles;
  readonly updateProfile: UpdateProfile;
  readonly speakMutes: SpeakMutes;
  readonly getSendFacts: GetSendFacts;
}

export function createProfileHandlers(
  use: ProfileUseCases,
): ServiceHandlers<typeof profilev1.ProfileService> {
  return {
    getProfiles: async (request, context) => ({ results: await use.getProfiles.run(request, context) }),
    updateProfile: async (request, context) => ({ profile: await use.updateProfile.run(request, context) }),
    setSpeakMutes: async (request, { appId }) => {
      await use.speakMutes.set(appId, request);
      return {};
    },
    getSpeakMutes: (request, { appId }) => use.speakMutes.get(appId, request.userId),
    getSendFacts: (request, { appId }) => use.getSendFacts.run(appId, request),
  };
}
