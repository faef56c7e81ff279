// Which versions of the user's lists this device holds, and what an event means for it. Lists that hang together are one
// part, read as a whole: renaming a friend group changes what friends say, and only the group's version.
import type { relationv1 } from '@parley/proto';

export type ListName = 'friends' | 'custom' | 'groups' | 'blocklist' | 'applications';
export type PartName = 'contacts' | 'blocklist' | 'applications';
export type Versions = Readonly<Record<ListName, bigint>>;

export const PART_NAMES: readonly PartName[] = ['contacts', 'blocklist', 'applications'];

const LISTS_OF: Readonly<Record<PartName, readonly ListName[]>> = {
  contacts: ['friends', 'custom', 'groups'],
  blocklist: ['blocklist'],
  applications: ['applications'],
};

export const NO_VERSIONS: Versions = { friends: 0n, custom: 0n, groups: 0n, blocklist: 0n, applications: 0n };

export function toVersions(wire: relationv1.ListVersions | undefined): Versions {
  if (wire === undefined) return NO_VERSIONS;
  const { friends, custom, groups, blocklist, applications } = wire;
  return { friends, custom, groups, blocklist, applications };
}

/** Whether `held` lacks something that `wanted` has. */
export const isBehind = (part: PartName, held: Versions, wanted: Versions): boolean =>
  LISTS_OF[part].some((list) => held[list] < wanted[list]);

export const newest = (a: Versions, b: Versions): Versions => {
  const higher = (list: ListName) => (a[list] < b[list] ? b : a)[list];
  return {
    friends: higher('friends'),
    custom: higher('custom'),
    groups: higher('groups'),
    blocklist: higher('blocklist'),
    applications: higher('applications'),
  };
};

/** What an event brings of a part; nothing: it tells only of its versions. */
export function listsTold(part: PartName, event: relationv1.RelationEvent): ListName[] {
  if (part === 'blocklist') {
    return event.blockedAdded.length + event.blockedRemoved.length > 0 ? ['blocklist'] : [];
  }
  if (part === 'applications') {
    const count = event.applicationsSet.length + event.applicationsRemoved.length;
    return count > 0 || event.applicationsReadMs !== undefined ? ['applications'] : [];
  }
  const hasFriends = event.friendsSet.length + event.friendsRemoved.length > 0;
  const friends: ListName[] = hasFriends ? ['friends', 'custom'] : [];
  return event.groups === undefined ? friends : [...friends, 'groups'];
}

/**
 * `apply`: the event follows on, or says what is held once more; everything in it is as it stood then or later, so that
 * does no harm. `fetch`: something before it is missing. `ignore`: overtaken.
 */
export function decideEvent(
  part: PartName,
  held: Versions,
  event: relationv1.RelationEvent,
): 'apply' | 'fetch' | 'ignore' {
  const versions = toVersions(event.versions);
  const told = listsTold(part, event);
  const ahead = LISTS_OF[part].filter((list) => versions[list] > held[list]);
  const isOvertaken = LISTS_OF[part].some((list) => versions[list] < held[list]);
  if (ahead.length === 0) return isOvertaken || told.length === 0 ? 'ignore' : 'apply';
  const isNext = ahead.every((list) => versions[list] === held[list] + 1n);
  return !isOvertaken && isNext && isOneChange(ahead, told) ? 'apply' : 'fetch';
}

/** Custom fields and groups never change without the friends that have them: more lists than one can be one change. */
function isOneChange(ahead: readonly ListName[], told: readonly ListName[]): boolean {
  const isTold = (list: ListName) => told.includes(list) || (list === 'friends' && told.includes('groups'));
  return ahead.every(isTold) && (ahead.length === 1 || ahead.includes('friends'));
}
