// Every type there is in this installation: the built-in ones and the app's own.
import { ChatError, ErrorCode } from '@parley/kernel';
import type { groupv1 } from '@parley/proto';
import { BUILT_IN_TYPES } from './built-in-types.js';
import { type GroupPolicy, isLive } from './policy.js';

export class GroupTypes {
  readonly #byName = new Map<string, GroupPolicy>();
  /** Of the types whose groups are live. */
  readonly liveNames: ReadonlySet<string>;

  /** @throws Error when two types share a name. */
  constructor(own: readonly GroupPolicy[] = []) {
    for (const policy of [...BUILT_IN_TYPES, ...own]) {
      for (const name of [policy.name, ...policy.aliases]) {
        if (this.#byName.has(name)) throw new Error(`two group types are called ${name}`);
        this.#byName.set(name, policy);
      }
    }
    this.liveNames = new Set([...this.#byName].flatMap(([name, policy]) => (isLive(policy) ? [name] : [])));
  }

  /** By a name of a request. @throws ChatError 10004. */
  named(name: string): GroupPolicy {
    const policy = this.#byName.get(name);
    if (policy === undefined)
      throw new ChatError(ErrorCode.GROUP_BAD_PARAMETER, 'there is no such type of group');
    return policy;
  }

  /** Of a group that exists; a type that is no longer configured is treated as the strictest. */
  of(group: groupv1.Group): GroupPolicy {
    return this.#byName.get(group.type) ?? this.named('Private');
  }
}
