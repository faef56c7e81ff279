// The scenarios by name: what "it works" means, wherever it runs.
import {
  batchAndErrors,
  importSendReadBack,
  restReachesDevices,
  restRetryIsOneMessage,
  statusAndKick,
} from './back-end.js';
import { permissionGroups } from './communities.js';
import { blockedUsers, friendGroups, friendsAreMade } from './friends.js';
import {
  groupFromBackEnd,
  groupGrowsAndTalks,
  groupLeaving,
  groupUnread,
  groupValues,
  liveGroup,
} from './groups.js';
import { doNotDisturb, liveGroupIsLed } from './live-groups.js';
import { answerGrows, deleteAndClear, recallAndEdit, recallInGroup } from './message-changes.js';
import { elementsArrive, offlineAndHistory, refusals, unreadAndReadMarks } from './one-to-one.js';
import { followsAreTold, mutedUsers, profilesAreTold } from './profiles.js';
import { statusesAreTold } from './statuses.js';
import { topicsChange, topicsTalk } from './topics.js';
import type { World } from './world.js';

export type Scenario = (world: World) => Promise<void>;

/** In this order: the last one invalidates a UserSig. */
export const scenarios: Readonly<Record<string, Scenario>> = {
  elementsArrive,
  unreadAndReadMarks,
  offlineAndHistory,
  refusals,
  importSendReadBack,
  restReachesDevices,
  restRetryIsOneMessage,
  batchAndErrors,
  profilesAreTold,
  statusesAreTold,
  mutedUsers,
  followsAreTold,
  friendsAreMade,
  friendGroups,
  blockedUsers,
  groupGrowsAndTalks,
  groupUnread,
  groupLeaving,
  groupValues,
  groupFromBackEnd,
  liveGroup,
  recallAndEdit,
  recallInGroup,
  answerGrows,
  deleteAndClear,
  permissionGroups,
  topicsTalk,
  topicsChange,
  liveGroupIsLed,
  doNotDisturb,
  statusAndKick,
};
