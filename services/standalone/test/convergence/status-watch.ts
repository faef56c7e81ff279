// What a device's app knows of a user's status: what it was told, and nothing that it asks for.
import { type Device, type Json, until } from '../scenarios/world.js';

export class StatusWatch {
  private known: Json;

  private constructor(
    private readonly by: Device,
    private readonly userID: string,
  ) {}

  /** Subscribes, unless it is the device's own user, whose other devices are told anyway. */
  static async start(by: Device, userID: string): Promise<StatusWatch> {
    const watch = new StatusWatch(by, userID);
    by.chat.on('onUserStatusUpdated', ({ data }: Json) => {
      watch.known = data.find((status: Json) => status.userID === userID) ?? watch.known;
    });
    if (by.userID !== userID) await by.chat.subscribeUserStatus({ userIDList: [userID] });
    return watch;
  }

  /** Resolves once what was told is what `fresh` is answered. @throws Error when it does not come to that. */
  async expectAsFetchedBy(fresh: Device): Promise<void> {
    await until(`${this.by.userID} to know the status of ${this.userID}`, async () => {
      const { data } = await fresh.chat.getUserStatus({ userIDList: [this.userID] });
      const [status] = data.successUserList;
      const { statusType, customStatus } = this.known ?? {};
      return statusType === status?.statusType && customStatus === status?.customStatus;
    });
  }
}
