// Reads whole lists from the service, page by page. A list has the versions of its first page: what changed while it was
// read has higher ones.
import type { relationv1 } from '@parley/proto';
import type { Caller } from '../calls/caller.js';
import { RELATION_METHOD } from '../calls/relation-method.js';
import { BLOCKLIST_PAGE, FRIENDS_PAGE, RELATION_PAGES_MAX } from '../constants/limits.js';
import { isBehind, type PartName, toVersions, type Versions } from './list-versions.js';
import type { RelationBook, RelationNews } from './relation-book.js';

export interface Reading {
  readonly versions: Versions;
  /** Nothing changed while it was read. */
  readonly isWhole: boolean;
  /** Puts it into the book; answers what is different now. */
  replace(): RelationNews[];
}

interface Page<E> {
  readonly entries: readonly E[];
  readonly versions?: relationv1.ListVersions | undefined;
  /** 0: that was the last page. */
  readonly nextIndex: number;
}

export class RelationReader {
  constructor(
    private readonly caller: Caller,
    private readonly book: RelationBook,
  ) {}

  /** @throws ChatFailure */
  read(part: PartName): Promise<Reading> {
    if (part === 'contacts') return this.contacts();
    return part === 'blocklist' ? this.blocklist() : this.applications();
  }

  private async contacts(): Promise<Reading> {
    const friends = await readPages('contacts', async (startIndex) => {
      const request = { startIndex, limit: FRIENDS_PAGE };
      const { friends: entries, ...page } = await this.caller.call(RELATION_METHOD.listFriends, request);
      return { ...page, entries };
    });
    const { groups, versions } = await this.caller.call(RELATION_METHOD.listFriendGroups, {});
    const names = groups.map(({ name }) => name);
    return {
      versions: friends.versions,
      isWhole: friends.isWhole && !isBehind('contacts', friends.versions, toVersions(versions)),
      replace: () => this.book.replaceContacts(friends.entries, names),
    };
  }

  private async blocklist(): Promise<Reading> {
    const { entries, ...reading } = await readPages('blocklist', async (startIndex) => {
      const request = { startIndex, limit: BLOCKLIST_PAGE };
      const { blocked, ...page } = await this.caller.call(RELATION_METHOD.listBlocklist, request);
      return { ...page, entries: blocked };
    });
    const userIDs = entries.map(({ userId }) => userId);
    return { ...reading, replace: () => this.book.replaceBlocklist(userIDs) };
  }

  private async applications(): Promise<Reading> {
    const list = await this.caller.call(RELATION_METHOD.listFriendApplications, {});
    return {
      versions: toVersions(list.versions),
      isWhole: true,
      replace: () => this.book.replaceApplications(list.applications, list.readMs),
    };
  }
}

async function readPages<E>(part: PartName, readPage: (startIndex: number) => Promise<Page<E>>) {
  const entries: E[] = [];
  let first: Versions | undefined;
  let isWhole = true;
  for (let page = 0, startIndex = 0; page < RELATION_PAGES_MAX; page++) {
    const answer = await readPage(startIndex);
    const versions = toVersions(answer.versions);
    first ??= versions;
    isWhole &&= !isBehind(part, first, versions);
    entries.push(...answer.entries);
    startIndex = answer.nextIndex;
    if (startIndex === 0) break;
  }
  return { entries, versions: first ?? toVersions(undefined), isWhole };
}
