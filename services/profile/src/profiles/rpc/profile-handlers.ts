// ProfileService over the use-cases; thin.
import type { profilev1 } from '@parley/proto';
import type { ServiceHandlers } from '@parley/rpc';
import type { GetProfiles } from '../use-cases/get-profiles.js';

export interface ProfileUseCases {
  readonly getProfiles: GetProfiles;
}

export function createProfileHandlers(
  use: ProfileUseCases,
): ServiceHandlers<typeof profilev1.ProfileService> {
  return {
    getProfiles: async (request, context) => ({ results: await use.getProfiles.run(request, context) }),
  };
}
