// The calls about follows: see method.ts.
import { followv1 } from '@parley/proto';

export const FOLLOW_METHOD = {
  follow: { number: 150, input: followv1.FollowRequestSchema, output: followv1.FollowResponseSchema },
  unfollow: { number: 151, input: followv1.UnfollowRequestSchema, output: followv1.UnfollowResponseSchema },
  checkFollows: {
    number: 152,
    input: followv1.CheckFollowsRequestSchema,
    output: followv1.CheckFollowsResponseSchema,
  },
  listFollows: {
    number: 153,
    input: followv1.ListFollowsRequestSchema,
    output: followv1.ListFollowsResponseSchema,
  },
  getFollowInfo: {
    number: 154,
    input: followv1.GetFollowInfoRequestSchema,
    output: followv1.GetFollowInfoResponseSchema,
  },
} as const;
