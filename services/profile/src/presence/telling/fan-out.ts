// Who hears of a status: whoever subscribed, friends where the app wants it, and of a custom status the user's other devices.
import { create, toBinary } from '@bufbuild/protobuf';
import type { Delivery, PushTarget } from '@parley/delivery';
import type { AppId, ConnectionId, UserId } from '@parley/kernel';
import { presencev1, wirev1 } from '@parley/proto';
import type { Audience } from '../../ports.js';
import type { ToldState } from '../domain/told-state.js';
import type { PresenceEvents } from '../events.js';
import type { SubscriptionStore } from '../stores/subscription-store.js';
import { typeOfAbsent } from '../use-cases/get-statuses.js';

/** Pushes that gateways have not answered; beyond it telling waits. */
const PUSHES_UNDER_WAY_MAX = 256;

export interface FanOutDeps {
  readonly delivery: Delivery;
  readonly subscriptions: SubscriptionStore;
  readonly audience: Audience;
  readonly events: PresenceEvents;
  /** Apps that have statuses, and those that tell friends. */
  readonly isOn: (appId: AppId) => boolean;
  readonly tellsFriends: (appId: AppId) => boolean;
}

export interface ToldUser {
  readonly appId: AppId;
  readonly userId: UserId;
  readonly told: ToldState;
  /** Knows of the custom status already. */
  readonly setBy: ConnectionId | undefined;
}

export class FanOut {
  readonly #underWay = new Set<Promise<void>>();

  constructor(private readonly deps: FanOutDeps) {}

  /** Resolves when it is known who is to hear of it; at most once reaches each device. @throws ChatError UNAVAILABLE. */
  async run(user: ToldUser): Promise<void> {
    const { appId, userId, told, setBy } = user;
    const { subscriptions, audience, isOn, tellsFriends } = this.deps;
    if (!isOn(appId)) return;
    const push = pushOf(user);
    if (told.isCustom && told.isOnline) {
      const except = setBy === undefined ? {} : { exceptConnectionId: setBy };
      await this.#push({ appId, userIds: [userId], ...except }, push);
    }
    await this.#pushPages(appId, push, (cursor) => subscriptions.subscribersOf(appId, userId, cursor));
    if (!tellsFriends(appId)) return;
    await this.#pushPages(appId, push, (cursor) => audience.audienceOf(appId, userId, cursor));
  }

  async stopped(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  async #pushPages(
    appId: AppId,
    push: Uint8Array,
    read: (cursor?: string) => Promise<{ userIds: readonly UserId[]; cursor?: string }>,
  ): Promise<void> {
    let page = await read();
    for (;;) {
      if (page.userIds.length > 0) await this.#push({ appId, userIds: page.userIds }, push);
      if (page.cursor === undefined) return;
      page = await read(page.cursor);
    }
  }

  /** Does not wait for the gateways, unless many pushes do. */
  async #push(target: PushTarget, push: Uint8Array): Promise<void> {
    while (this.#underWay.size >= PUSHES_UNDER_WAY_MAX) await Promise.race(this.#underWay);
    const pushed = this.deps.delivery.push(target, push).catch(() => this.deps.events.pushFailed());
    this.#underWay.add(pushed);
    void pushed.then(() => this.#underWay.delete(pushed));
  }
}

export function toStatus({ userId, told }: Pick<ToldUser, 'userId' | 'told'>): presencev1.UserStatus {
  return create(presencev1.UserStatusSchema, {
    userId,
    type: told.isOnline ? presencev1.StatusType.ONLINE : typeOfAbsent(told),
    customStatus: told.customText,
    onlinePlatforms: [...told.platforms],
    changeSeq: BigInt(told.seq),
  });
}

function pushOf(user: ToldUser): Uint8Array {
  const value = create(presencev1.PresenceEventSchema, { statuses: [toStatus(user)] });
  return toBinary(wirev1.PushSchema, create(wirev1.PushSchema, { event: { case: 'presence', value } }));
}
