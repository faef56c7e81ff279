// Versions of a user's lists rise after its rows are written, so a reader who takes the version first never takes an old
// list for a new one. Rises that wait for each other become one.
import { clone } from '@bufbuild/protobuf';
import type { AppId, UserId } from '@parley/kernel';
import { relationv1 } from '@parley/proto';
import type { HeadStore } from '../stores/head-store.js';

export type ListName = 'friends' | 'custom' | 'groups' | 'blocklist' | 'applications';

interface Turn {
  readonly lists: Set<ListName>;
  readonly done: Promise<relationv1.ListVersions>;
}

export class RisingVersions {
  /** The rise that has not begun yet, by user. At most one for each change that is being carried out. */
  readonly #next = new Map<string, Turn>();
  readonly #running = new Map<string, Promise<unknown>>();

  constructor(private readonly heads: HeadStore) {}

  /** Answers the versions after a rise that began after this call. */
  raise(appId: AppId, userId: UserId, lists: Iterable<ListName>): Promise<relationv1.ListVersions> {
    const name = `${appId} ${userId}`;
    let turn = this.#next.get(name);
    if (turn === undefined) {
      const wanted = new Set<ListName>();
      const before = this.#running.get(name) ?? Promise.resolve();
      const done = before.then(() => {
        this.#next.delete(name);
        return this.#raise(appId, userId, wanted);
      });
      turn = { lists: wanted, done };
      this.#next.set(name, turn);
      const ended = done.then(
        () => undefined,
        () => undefined,
      );
      this.#running.set(name, ended);
      ended.then(() => {
        if (this.#running.get(name) === ended) this.#running.delete(name);
      });
    }
    for (const list of lists) turn.lists.add(list);
    return turn.done;
  }

  async #raise(appId: AppId, userId: UserId, lists: ReadonlySet<ListName>): Promise<relationv1.ListVersions> {
    const head = await this.heads.change(appId, userId, (seen) => raised(seen, lists));
    return versionsOf(head);
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
