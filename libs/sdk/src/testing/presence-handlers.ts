// What a test server does with statuses: knows who is connected, keeps subscriptions and what users say of themselves.
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { contextv1, presencev1, type wirev1 } from '@parley/proto';
import { PRESENCE_METHOD } from '../calls/presence-method.js';
import { Refusal } from './refusal.js';

export type PresenceMethodName = keyof typeof PRESENCE_METHOD;

export const isPresenceMethod = (name: string): name is PresenceMethodName => name in PRESENCE_METHOD;

const { StatusType } = presencev1;

export interface PresenceDoors {
  readonly push: (users: readonly string[], event: wirev1.Push['event']) => void;
  readonly isConnected: (user: string) => boolean;
}

export class PresenceModel {
  /** The app's switch. */
  isOn = true;
  readonly subscribers = new Map<string, Set<string>>();
  private readonly custom = new Map<string, string>();
  private seq = 0n;

  constructor(private readonly doors: PresenceDoors) {}

  handle(name: PresenceMethodName, request: Uint8Array, user: string): Uint8Array {
    if (!this.isOn) throw new Refusal(72001, 'switched off');
    if (name === 'setSelfStatus') return this.set(fromBinary(PRESENCE_METHOD[name].input, request), user);
    if (name === 'getUserStatuses') {
      const { userIds } = fromBinary(PRESENCE_METHOD[name].input, request);
      const { output } = PRESENCE_METHOD[name];
      return toBinary(output, create(output, { results: userIds.map((id) => this.resultOf(id)) }));
    }
    const { userIds } = fromBinary(PRESENCE_METHOD[name].input, request);
    if (name === 'subscribeStatuses') {
      const { output } = PRESENCE_METHOD[name];
      const bad = userIds.filter((id) => id === user || id.startsWith('nobody'));
      for (const id of userIds) if (!bad.includes(id)) this.subscribersOf(id).add(user);
      return toBinary(
        output,
        create(output, { failed: bad.map((userId) => ({ status: { userId }, code: 70107 })) }),
      );
    }
    const ended = userIds.length > 0 ? userIds : [...this.subscribers.keys()];
    for (const id of ended) this.subscribersOf(id).delete(user);
    return new Uint8Array(0);
  }

  /** Tells of a user as it is now; the same change once more if `isRepeated`. */
  tell(user: string, isRepeated = false): void {
    if (!isRepeated) this.seq += 1n;
    const status = { ...this.statusOf(user), changeSeq: this.seq };
    const value = create(presencev1.PresenceEventSchema, { statuses: [status] });
    this.doors.push([user, ...this.subscribersOf(user)], { case: 'presence', value });
  }

  private set({ customStatus }: presencev1.SetSelfStatusRequest, user: string): Uint8Array {
    const { output } = PRESENCE_METHOD.setSelfStatus;
    this.custom.set(user, customStatus);
    this.tell(user);
    return toBinary(output, create(output, { status: this.statusOf(user) }));
  }

  private subscribersOf(user: string): Set<string> {
    const known = this.subscribers.get(user) ?? new Set();
    this.subscribers.set(user, known);
    return known;
  }

  private statusOf(userId: string): presencev1.UserStatus {
    const isOnline = this.doors.isConnected(userId);
    return create(presencev1.UserStatusSchema, {
      userId,
      type: isOnline ? StatusType.ONLINE : StatusType.OFFLINE,
      customStatus: isOnline ? (this.custom.get(userId) ?? '') : '',
      onlinePlatforms: isOnline ? [contextv1.Platform.WEB] : [],
    });
  }

  private resultOf(userId: string) {
    if (userId.startsWith('nobody')) return { status: { userId }, code: 70107, info: 'nobody' };
    return { status: this.statusOf(userId) };
  }
}
