// Custom fields of groups and members: which keys there are, who may write them. Rules: rest-groups.md 1.6.

import {
  CUSTOM_KEY_BYTES_MAX,
  GROUP_CUSTOM_BYTES_MAX,
  GROUP_CUSTOM_KEYS_MAX,
  MEMBER_CUSTOM_BYTES_MAX,
  MEMBER_CUSTOM_KEYS_MAX,
} from './limits.js';
import type { ActorRole, GroupPolicy } from './policy.js';
import { badParameter, notPermitted } from './refusals.js';

export type CustomScope = 'group' | 'member';
export type CustomValues = Readonly<Record<string, string>>;

export const LEVELS = ['AppAdmin', 'Owner', 'Admin', 'Member', 'Anyone'] as const;
type Level = (typeof LEVELS)[number];

/** Who reaches a level, as the letters of ActorRole. */
const REACHES: Readonly<Record<Level, string>> = {
  AppAdmin: 'X',
  Owner: 'OX',
  Admin: 'AOX',
  Member: 'MAOX',
  Anyone: 'SMAOX',
};

/** A custom field as the operator declares it. */
export interface Declaration {
  readonly key: string;
  readonly scope: CustomScope;
  /** Names of types; absent: all. */
  readonly types?: readonly string[] | undefined;
  readonly read: Level;
  readonly write: Level;
}

const KEY = new RegExp(`^[A-Za-z0-9_]{1,${CUSTOM_KEY_BYTES_MAX}}$`);
const LIMITS = {
  group: { keys: GROUP_CUSTOM_KEYS_MAX, bytes: GROUP_CUSTOM_BYTES_MAX },
  member: { keys: MEMBER_CUSTOM_KEYS_MAX, bytes: MEMBER_CUSTOM_BYTES_MAX },
} as const;

export class CustomFields {
  /** An empty list lets every well-formed key be used. */
  constructor(private readonly declared: readonly Declaration[] = []) {}

  /**
   * What is stored after `changes`; an empty value removes an entry.
   * @throws ChatError 10004 on an undeclared or malformed key, or a limit; 10007 when the role may not write it.
   */
  apply(
    stored: CustomValues,
    changes: CustomValues,
    where: { readonly scope: CustomScope; readonly policy: GroupPolicy; readonly role: ActorRole },
  ): Record<string, string> {
    const limits = LIMITS[where.scope];
    const next = new Map(Object.entries(stored));
    for (const [key, value] of Object.entries(changes)) {
      this.#checkWrite(key, where);
      if (Buffer.byteLength(value) > limits.bytes) {
        throw badParameter(`a custom value has at most ${limits.bytes} bytes`);
      }
      if (value === '') next.delete(key);
      else next.set(key, value);
    }
    if (next.size > limits.keys) throw badParameter(`at most ${limits.keys} custom fields`);
    return Object.fromEntries(next);
  }

  /** Those that the role may read. */
  visible(
    stored: CustomValues,
    where: { readonly scope: CustomScope; readonly policy: GroupPolicy; readonly role: ActorRole },
  ): Record<string, string> {
    const entries = Object.entries(stored).filter(([key]) => {
      const found = this.#find(key, where);
      return found === undefined || REACHES[found.read].includes(where.role);
    });
    return Object.fromEntries(entries);
  }

  #checkWrite(
    key: string,
    where: { readonly scope: CustomScope; readonly policy: GroupPolicy; readonly role: ActorRole },
  ): void {
    if (!KEY.test(key)) throw badParameter('a custom key has 1 to 16 letters, digits or underscores');
    if (this.declared.length === 0) return;
    const found = this.#find(key, where);
    if (found === undefined) throw badParameter('a custom key is not declared for this type of group');
    if (!REACHES[found.write].includes(where.role))
      throw notPermitted('the custom field is not yours to write');
  }

  #find(
    key: string,
    where: { readonly scope: CustomScope; readonly policy: GroupPolicy },
  ): Declaration | undefined {
    const names = [where.policy.name, ...where.policy.aliases];
    return this.declared.find(
      (one) =>
        one.key === key &&
        one.scope === where.scope &&
        (one.types === undefined || one.types.some((type) => names.includes(type))),
    );
  }
}
