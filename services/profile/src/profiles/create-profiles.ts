// Wires the objects of the part that keeps profiles; nothing else.

import { fromBinary } from '@bufbuild/protobuf';
import { eachRecord, type RecordFollower, type Subscription } from '@parley/event-log';
import { profilev1 } from '@parley/proto';
import type { Accounts } from '@parley/rpc';
import { accountEventsTopic, type Platform, register } from '@parley/runtime';
import { parseApps } from '../apps.js';
import { onDeleted } from '../deleted-accounts.js';
import type { ServicePart } from '../part.js';
import type { Audience, ProfileReader, RelationReader } from '../ports.js';
import { ProfileRegister } from './changing/profile-register.js';
import type { ProfilesConfig } from './config.js';
import { FollowChanges } from './consumers/follow-changes.js';
import { ForgetAccount } from './consumers/forget-account.js';
import { parseCustomTags } from './custom-tags.js';
import { createProfileHandlers, type ProfileUseCases } from './rpc/profile-handlers.js';
import { SendFactNotices } from './send-fact-notices.js';
import { ProfileStore } from './stores/profile-store.js';
import { SpeakMuteStore } from './stores/speak-mute-store.js';
import { DELETED_ACCOUNTS_GROUP, DEVICES_GROUP, profileChangesTopic } from './topics.js';
import { GetProfiles } from './use-cases/get-profiles.js';
import { GetSendFacts } from './use-cases/get-send-facts.js';
import { SpeakMutes } from './use-cases/speak-mutes.js';
import { UpdateProfile } from './use-cases/update-profile.js';

/** What the part asks of the one that keeps relationships. */
export interface Relations {
  readonly audience: Audience;
  readonly relations: RelationReader;
}

interface Followers {
  readonly changes: RecordFollower;
  readonly accountEvents: RecordFollower;
}

/** The part that others read from; it needs none of them. */
export interface ProfileBase {
  readonly reader: ProfileReader;
  /** The rest, once the others are there. */
  complete(relations: Relations): ServicePart;
}

export function createProfiles(platform: Platform, config: ProfilesConfig, accounts: Accounts): ProfileBase {
  const { tables, log, coordination, clock, delivery } = platform;
  const store = new ProfileStore(tables);
  const mutes = new SpeakMuteStore(tables);
  const profiles = new ProfileRegister(store, log);
  const notices = new SendFactNotices(coordination);
  const customTagsOf = parseCustomTags(config.customFields);
  const getProfiles = new GetProfiles({ register: profiles, accounts, customTagsOf });
  return {
    reader: getProfiles,
    complete: ({ audience, relations }) => {
      const use: ProfileUseCases = {
        getProfiles,
        updateProfile: new UpdateProfile({ register: profiles, accounts, notices, clock, customTagsOf }),
        speakMutes: new SpeakMutes({ mutes, accounts, notices, clock }),
        getSendFacts: new GetSendFacts({
          mutes,
          profiles: getProfiles,
          relations,
          requiresFriends: parseApps(config.friendsOnlyApps),
        }),
      };
      const devices = new FollowChanges({ store, delivery, audience, customTagsOf });
      const forget = new ForgetAccount({ register: profiles, mutes, notices, clock });
      return createPart(platform, use, {
        changes: (record) => devices.follow(fromBinary(profilev1.ProfileChangeSchema, record)),
        accountEvents: onDeleted(forget.forget),
      });
    },
  };
}

function createPart(
  { log }: Platform,
  use: ProfileUseCases,
  { changes, accountEvents }: Followers,
): ServicePart {
  const subscriptions: Subscription[] = [];
  const subscriptionsWanted = [
    { topic: profileChangesTopic, group: DEVICES_GROUP, handler: eachRecord(changes) },
    { topic: accountEventsTopic, group: DELETED_ACCOUNTS_GROUP, handler: eachRecord(accountEvents) },
  ];
  return {
    registrations: [register(profilev1.ProfileService, createProfileHandlers(use))],
    start: async () => {
      for (const wanted of subscriptionsWanted) subscriptions.push(await log.subscribe(wanted));
    },
    stop: async () => {
      await Promise.all(subscriptions.splice(0).map((subscription) => subscription.stop()));
    },
  };
}
