// A group as it should be: who is in, who sees what, who has how much unread.
import type { UserId } from '@parley/kernel';

export interface ModelMessage {
  readonly id: string;
  readonly seq: bigint;
}

interface Said extends ModelMessage {
  /** Undefined: a tip. */
  readonly from: UserId | undefined;
  /** Empty: everybody. */
  readonly to: readonly UserId[];
}

interface Member {
  /** Places in what was said. */
  readonly visibleFrom: number;
  readTo: number;
}

export class GroupModel {
  readonly #said: Said[] = [];
  readonly #members = new Map<UserId, Member>();

  isMember(user: UserId): boolean {
    return this.#members.has(user);
  }

  join(user: UserId, withHistory: boolean): void {
    const end = this.#said.length;
    this.#members.set(user, { visibleFrom: withHistory ? 0 : end, readTo: end });
  }

  leave(user: UserId): void {
    this.#members.delete(user);
  }

  /** Named receivers who are no members get nothing, but the message stays for those who are. */
  send(message: ModelMessage & { readonly from: UserId; readonly to: readonly UserId[] }): void {
    const members = message.to.filter((user) => this.isMember(user));
    const to = message.to.length > 0 && members.length === 0 ? [message.from] : members;
    this.#said.push({ ...message, to });
    this.read(message.from);
  }

  tip(id: string, seq: bigint): void {
    this.#said.push({ id, seq, from: undefined, to: [] });
  }

  read(user: UserId): void {
    const member = this.#members.get(user);
    if (member !== undefined) member.readTo = this.#said.length;
  }

  visible(user: UserId): ModelMessage[] {
    const from = this.#members.get(user)?.visibleFrom ?? this.#said.length;
    return this.#said
      .slice(from)
      .filter((one) => one.to.length === 0 || one.from === user || one.to.includes(user))
      .map(({ id, seq }) => ({ id, seq }));
  }

  unread(user: UserId): number {
    const readTo = this.#members.get(user)?.readTo ?? this.#said.length;
    return this.#said.slice(readTo).filter((one) => one.from !== undefined && one.to.length === 0).length;
  }
}
