// Versions of a user's lists rise after its rows are written, so a reader who takes the version first never takes an old
// list for a new one. Rises that wait for each other are put in one step, but each has numbers of its own: a device that has
// heard of one of them must not take itself to have heard of all.
import { clone } from '@bufbuild/protobuf';
import type { AppId, UserId } from '@parley/kernel';
import { relationv1 } from '@parley/proto';
import type { HeadStore } from '../stores/head-store.js';

export type ListName = 'friends' | 'custom' | 'groups' | 'blocklist' | 'applications';

interface Turn {
  /** One entry for each rise. */
  readonly rises: ReadonlySet<ListName>[];
  readonly done: Promise<relationv1.ListVersions[]>;
}

export class RisingVersions {
  /** The rise that has not begun yet, by user. At most one for each change that is being carried out. */
  readonly #next = new Map<string, Turn>();
  readonly #running = new Map<string, Promise<unknown>>();

  constructor(private readonly heads: HeadStore) {}

  /** Answers the versions of this rise alone; those of the head may be higher already. */
  async raise(appId: AppId, userId: UserId, lists: Iterable<ListName>): Promise<relationv1.ListVersions> {
    const turn = this.#nextTurn(appId, userId);
    const at = turn.rises.push(new Set(lists)) - 1;
    const versions = (await turn.done)[at];
    if (versions === undefined) throw new Error('every rise has its versions');
    return versions;
  }

  /** Begins after what is running. */
  #nextTurn(appId: AppId, userId: UserId): Turn {
    const name = `${appId} ${userId}`;
    const next = this.#next.get(name);
    if (next !== undefined) return next;
    const rises: ReadonlySet<ListName>[] = [];
    const before = this.#running.get(name) ?? Promise.resolve();
    const done = before.then(() => {
      this.#next.delete(name);
      return this.#raise(appId, userId, rises);
    });
    const turn: Turn = { rises, done };
    this.#next.set(name, turn);
    const ended = done.then(
      () => undefined,
      () => undefined,
    );
    this.#running.set(name, ended);
    ended.then(() => {
      if (this.#running.get(name) === ended) this.#running.delete(name);
    });
    return turn;
  }

  async #raise(
    appId: AppId,
    userId: UserId,
    rises: readonly ReadonlySet<ListName>[],
  ): Promise<relationv1.ListVersions[]> {
    let versions: relationv1.ListVersions[] = [];
    await this.heads.change(appId, userId, (seen) => {
      versions = [];
      let head = seen;
      for (const lists of rises) {
        head = raised(head, lists);
        versions.push(versionsOf(head));
      }
      return head;
    });
    return versions;
  }
}

/** The head with these versions one higher. */
export function raised(head: relationv1.RelationHead, lists: Iterable<ListName>): relationv1.RelationHead {
  const next = clone(relationv1.RelationHeadSchema, head);
  const versions = versionsOf(next);
  for (const list of lists) versions[list] += 1n;
  return next;
}

export function versionsOf(head: relationv1.RelationHead): relationv1.ListVersions {
  if (head.versions === undefined) throw new Error('a head comes with its versions');
  return head.versions;
}
