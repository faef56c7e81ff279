// Who of some users is in a live group: their gateways are asked. Robots are always there.
import type { Delivery } from '@parley/delivery';
import { ChatError, ErrorCode } from '@parley/kernel';
import type { GroupRegister } from '../changing/group-register.js';
import { ACCOUNTS_PER_REQUEST_MAX } from '../domain/limits.js';
import { badParameter } from '../domain/refusals.js';
import type { GroupKey } from '../stores/group-store.js';
import { isRobot, type MarkStore } from '../stores/mark-store.js';
import { toUserIds } from './caller.js';
import { requireLive } from './change-live-admins.js';

export class CheckVisitors {
  constructor(
    private readonly deps: {
      readonly register: GroupRegister;
      readonly delivery: Delivery;
      readonly marks: MarkStore;
    },
  ) {}

  /** In the order asked. @throws ChatError 10004, 10005, 10007 or 10010; UNAVAILABLE when a gateway does not answer. */
  async run(key: GroupKey, named: readonly string[]) {
    const users = toUserIds(named);
    if (users.length === 0) throw badParameter('nobody is named');
    if (users.length > ACCOUNTS_PER_REQUEST_MAX) {
      throw new ChatError(
        ErrorCode.GROUP_TOO_MANY_ACCOUNTS,
        `at most ${ACCOUNTS_PER_REQUEST_MAX} accounts at once`,
      );
    }
    const { register, delivery, marks: store } = this.deps;
    requireLive(await register.get(key));
    const there = new Set(await delivery.usersInRoom(key, users));
    const marks = await store.of(key);
    return { userIds: users.filter((user) => there.has(user) || isRobot(marks, user)) };
  }
}
