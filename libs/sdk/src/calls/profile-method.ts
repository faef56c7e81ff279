// The calls about profiles: see method.ts.
import { profilev1 } from '@parley/proto';

export const PROFILE_METHOD = {
  getProfiles: {
    number: 110,
    input: profilev1.GetProfilesRequestSchema,
    output: profilev1.GetProfilesResponseSchema,
  },
  updateProfile: {
    number: 111,
    input: profilev1.UpdateProfileRequestSchema,
    output: profilev1.UpdateProfileResponseSchema,
  },
} as const;
