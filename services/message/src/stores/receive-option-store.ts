// What users want of conversations with other users.
import type { AppId, UserId } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import { put, type ScanPage, type TableStore } from '@parley/table-store';
import { receiveOptions } from '../tables.js';

export interface SetOption {
  readonly option: groupv1.ReceiveOption;
  readonly setMs: number;
}

export const NEVER_SET: SetOption = { option: groupv1.ReceiveOption.UNSPECIFIED, setMs: 0 };

const ROWS_PER_SCAN = 1_000;
/** Options of one user that are read; as many conversations as one list has. */
const ROWS_MAX = 10_000;

export class ReceiveOptionStore {
  constructor(private readonly tables: TableStore) {}

  async set(appId: AppId, user: UserId, peers: readonly UserId[], set: SetOption): Promise<void> {
    const columns = { option: set.option, set_ms: BigInt(set.setMs) };
    await this.tables.writeAll(
      peers.map((peer) => put(receiveOptions, { app_id: appId, user_id: user, peer, ...columns })),
    );
  }

  async get(appId: AppId, user: UserId, peer: UserId): Promise<SetOption> {
    const row = await this.tables.get(receiveOptions, { app_id: appId, user_id: user, peer });
    return row === undefined ? NEVER_SET : { option: row.option, setMs: Number(row.set_ms) };
  }

  /** By peer; of those who are not there it was never set. */
  async all(appId: AppId, user: UserId): Promise<ReadonlyMap<string, SetOption>> {
    const options = new Map<string, SetOption>();
    let cursor: string | undefined;
    do {
      const page: ScanPage<typeof receiveOptions> = await this.tables.scan(
        receiveOptions,
        { app_id: appId as number, user_id: user as string },
        { limit: ROWS_PER_SCAN, ...(cursor === undefined ? {} : { cursor }) },
      );
      for (const { peer, option, set_ms } of page.rows) options.set(peer, { option, setMs: Number(set_ms) });
      cursor = page.cursor;
    } while (cursor !== undefined && options.size < ROWS_MAX);
    return options;
  }
}
