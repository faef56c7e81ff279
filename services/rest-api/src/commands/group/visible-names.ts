// NickName and Avatar of people, as their profiles have them.
import { ACCOUNTS_PER_BATCH_MAX, mapBounded } from '@parley/kernel';
import type { profilev1 } from '@parley/proto';
import type { RequestScope } from '../command.js';
import { batches } from './group-facts.js';

const NICK = 'Tag_Profile_IM_Nick';
const IMAGE = 'Tag_Profile_IM_Image';
/** Calls in flight for one request. */
const CALLS_IN_FLIGHT_MAX = 4;

export interface VisibleName {
  readonly NickName: string;
  readonly Avatar: string;
}

/** In the order asked; empty where nothing is set, and of accounts that are no more. */
export async function loadVisibleNames(
  { tools, context }: RequestScope,
  userIds: readonly string[],
): Promise<VisibleName[]> {
  const pages = await mapBounded(
    batches(userIds, ACCOUNTS_PER_BATCH_MAX),
    CALLS_IN_FLIGHT_MAX,
    async (batch) => {
      const { results } = await tools.profiles.getProfiles({ userIds: batch, tags: [NICK, IMAGE] }, context);
      return batch.map((_, at) => toName(results[at]?.profile?.items ?? []));
    },
  );
  return pages.flat();
}

const toName = (items: readonly profilev1.ProfileItem[]): VisibleName => ({
  NickName: textOf(items, NICK),
  Avatar: textOf(items, IMAGE),
});

function textOf(items: readonly profilev1.ProfileItem[], tag: string): string {
  const value = items.find((item) => item.tag === tag)?.value;
  return value?.case === 'text' ? value.value : '';
}
