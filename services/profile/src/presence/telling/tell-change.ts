// From what was noticed of one user to what is told: a record in the log where it came or went, and pushes.
import { create, toBinary } from '@bufbuild/protobuf';
import type { Session, SessionRegistry } from '@parley/delivery';
import type { EventLog } from '@parley/event-log';
import { type AppId, ChatError, type Clock, ErrorCode, type UserId } from '@parley/kernel';
import { presencev1 } from '@parley/proto';
import type { CustomStatus } from '../domain/custom-status.js';
import { decideTelling, type Noticed, type TellingReason, type ToldState } from '../domain/told-state.js';
import type { PresenceEvents } from '../events.js';
import type { Held, PresenceStore } from '../stores/presence-store.js';
import { presenceChangesTopic } from '../topics.js';
import { platformsOf } from '../use-cases/get-statuses.js';
import { type FanOut, type ToldUser, toStatus } from './fan-out.js';

const { ChangeReason } = presencev1;

const REASONS: Readonly<Record<TellingReason, presencev1.ChangeReason>> = {
  none: ChangeReason.UNSPECIFIED,
  login: ChangeReason.LOGIN,
  logout: ChangeReason.LOGOUT,
  disconnect: ChangeReason.DISCONNECT,
};

export interface TellChangeDeps {
  readonly store: PresenceStore;
  readonly sessions: SessionRegistry;
  readonly log: EventLog;
  readonly fanOut: FanOut;
  readonly clock: Clock;
  readonly events: PresenceEvents;
}

export interface NoticedUser {
  readonly appId: AppId;
  readonly userId: UserId;
  readonly noticed: Noticed;
}

export class TellChange {
  constructor(private readonly deps: TellChangeDeps) {}

  /**
   * Tells what differs from what was told last; nothing where nothing does. May be repeated.
   * @throws ChatError UNAVAILABLE: it is to be repeated.
   */
  async run({ appId, userId, noticed }: NoticedUser, sessions: readonly Session[]): Promise<void> {
    const { store, clock } = this.deps;
    const [held, custom] = await Promise.all([store.told(appId, userId), store.custom(appId, userId)]);
    const before = await this.finishOpen({ appId, userId, setBy: undefined }, held);
    const platforms = platformsOf(await this.checkedSessions({ appId, userId }, { sessions, custom }));
    const seen = { platforms, customText: platforms.length > 0 ? (custom.value?.text ?? '') : '' };
    const told = decideTelling(before.value, seen, { noticed, nowMs: clock.now() });
    if (told === undefined) return;
    const text = await this.write(appId, userId, { expected: before.text, told });
    if (told.isOpen) await this.finish({ appId, userId, told, setBy: custom.value?.setBy }, text);
  }

  /** What is said of whoever is gone goes too; who came back since it was looked at keeps it. */
  private async checkedSessions(
    { appId, userId }: { appId: AppId; userId: UserId },
    { sessions, custom }: { sessions: readonly Session[]; custom: Held<CustomStatus> },
  ): Promise<readonly Session[]> {
    if (sessions.length > 0 || custom.value === undefined) return sessions;
    const now = await this.deps.sessions.sessionsOf(appId, userId);
    if (now.length === 0) await this.deps.store.dropCustom(appId, userId, custom);
    return now;
  }

  private async finishOpen(user: Omit<ToldUser, 'told'>, held: Held<ToldState>): Promise<Held<ToldState>> {
    const { value, text } = held;
    if (value === undefined || text === undefined || !value.isOpen) return held;
    return { value, text: await this.finish({ ...user, told: value }, text) };
  }

  private async finish(user: ToldUser, expected: string): Promise<string> {
    const { appId, userId, told } = user;
    if (told.isTurn) await this.appendRecord(user);
    await this.deps.fanOut.run(user);
    const text = await this.write(appId, userId, { expected, told: { ...told, isOpen: false } });
    this.deps.events.statusTold(told.isTurn);
    return text;
  }

  private async appendRecord({ appId, userId, told }: ToldUser): Promise<void> {
    const record = create(presencev1.PresenceChangeSchema, {
      appId,
      status: toStatus({ userId, told }),
      reason: REASONS[told.reason],
      timeMs: BigInt(this.deps.clock.now()),
      platform: told.platform,
    });
    const bytes = toBinary(presencev1.PresenceChangeSchema, record);
    await this.deps.log.append(presenceChangesTopic, `${appId}/${userId}`, bytes);
  }

  private async write(
    appId: AppId,
    userId: UserId,
    change: { expected: string | undefined; told: ToldState },
  ): Promise<string> {
    const text = await this.deps.store.tell(appId, userId, change);
    if (text !== undefined) return text;
    throw new ChatError(ErrorCode.UNAVAILABLE, 'another process tells of this user');
  }
}
