// What a type of group is: a row of data. The five built-in rows are in built-in-types.ts; an app's own
// types are rows of the same shape. Facts: rest-groups.md 1.2 and client-features.md 10.1.
import { ErrorCode } from '@parley/kernel';
import type { groupv1 } from '@parley/proto';

/**
 * Who acts, as the letters of a policy row: S stranger, M member, A admin of the group, O owner,
 * X admin of the app (or its back end), who may be no member at all.
 */
export type ActorRole = 'S' | 'M' | 'A' | 'O' | 'X';
export const ACTOR_ROLES: readonly ActorRole[] = ['S', 'M', 'A', 'O', 'X'];

/** Whom an operation on somebody else hits. */
export type TargetRole = 'member' | 'admin' | 'owner';

/** Everything a policy decides about, each a set of letters: who may. */
export const OPERATIONS = [
  'readInfo',
  'readMembers',
  'modifyProfile',
  'modifyOptions',
  'muteAll',
  'destroy',
  'transfer',
  'appointAdmin',
  'join',
  'invite',
  'addDirectly',
  'quit',
  'kickMember',
  'kickAdmin',
  'muteMember',
  'muteAdmin',
  'banMember',
  'banAdmin',
  'modifySelf',
  'modifyMember',
  'modifyAdmin',
  'decideApplication',
  'readAttributes',
  'changeAttributes',
  'readCounters',
  'changeCounters',
  'readPins',
  'changePins',
  'countOnline',
  'send',
  'sendWhileAllMuted',
  'import',
] as const;
export type Operation = (typeof OPERATIONS)[number];

/** What becomes of a tip: kept in history, told to those who are connected, or not made. */
export type TipFate = 'stored' | 'sent' | 'off';

/** An option that a group may set for itself, unless the type fixes it. */
export interface OptionRule {
  readonly default: groupv1.JoinOption;
  readonly isFixed: boolean;
}

export interface GroupPolicy {
  /** The type's name at the compatible borders. */
  readonly name: string;
  /** Other names that requests may use. */
  readonly aliases: readonly string[];
  /** False: a live room, whose visitors are known to gateways only. */
  readonly hasMembers: boolean;
  readonly hasAdmins: boolean;
  /** Which configured cap bounds the members. */
  readonly membersMax: 'group' | 'community' | 'none';
  readonly ownerMayQuit: boolean;
  readonly may: Readonly<Record<Operation, string>>;
  /** Codes other than 10007, as `<operation><role>`. */
  readonly refusals: Readonly<Record<string, ErrorCode>>;
  readonly apply: OptionRule;
  readonly invite: OptionRule;
  readonly receiveOption: groupv1.ReceiveOption;
  readonly storesHistory: boolean;
  /** Whether those who join see what was said before; the default, and whether a group may change it. */
  readonly historyBeforeJoin: { readonly default: boolean; readonly isFixed: boolean };
  /** Not among a user's groups before somebody has said something in it. */
  readonly hiddenUntilActive: boolean;
  readonly countsUnread: boolean;
  readonly takesTargeted: boolean;
  readonly takesAtAll: boolean;
  readonly takesRecall: boolean;
  readonly takesReceipts: boolean;
  readonly hasTopics: boolean;
  readonly tips: {
    /** Joins, invitations, quits, kicks. */
    readonly members: TipFate;
    /** Name, introduction, notification, face, owner, custom fields. */
    readonly profile: TipFate;
    /** Mute-all and the options of joining. */
    readonly options: TipFate;
    /** Roles and mutes of members. */
    readonly roles: TipFate;
  };
  /** Messages per second and group before shedding begins. */
  readonly rateMax: number;
}

/** Whether nobody is a durable member and nothing is kept; an app's own types may be so, too. */
export const isLive = ({ hasMembers }: GroupPolicy): boolean => !hasMembers;

/** Undefined: allowed; else the code of the refusal. */
export function decideOperation(
  policy: GroupPolicy,
  role: ActorRole,
  operation: Operation,
): ErrorCode | undefined {
  if (policy.may[operation].includes(role)) return undefined;
  return policy.refusals[`${operation}${role}`] ?? ErrorCode.GROUP_NO_PERMISSION;
}

export type Targeted = 'kick' | 'mute' | 'ban' | 'modify';

/** The same for an operation on somebody with a role; nobody acts on the owner. */
export function decideTargeted(
  policy: GroupPolicy,
  role: ActorRole,
  operation: Targeted,
  target: TargetRole,
): ErrorCode | undefined {
  const word = target === 'member' ? 'Member' : 'Admin';
  const refusal = decideOperation(policy, role, `${operation}${word}`);
  if (refusal !== undefined || target !== 'owner') return refusal;
  // The app's back end may rename anybody; removing, muting or banning an owner is for no one.
  return operation === 'modify' && role === 'X' ? undefined : ErrorCode.GROUP_NO_PERMISSION;
}
