// Ids and fields of permission groups that callers give. Limits: rest-groups.md 1.3 and 8.2.

import { clone } from '@bufbuild/protobuf';
import { groupv1 } from '@parley/proto';
import {
  PERMISSION_GROUP_CUSTOM_BYTES_MAX,
  PERMISSION_GROUP_ID_BYTES_MAX,
  PERMISSION_GROUP_NAME_BYTES_MAX,
} from './limits.js';
import { badParameter } from './refusals.js';

const OWN_PREFIX = '@PMG#_';
/** Begins an id that the server makes. */
export const SERVER_PERMISSION_GROUP_PREFIX = '@PMG#_@PMG#';

const PRINTABLE = /^[\x20-\x7e]+$/;

/** Checks an id of the caller's choice. @throws ChatError 10004. */
export function checkCustomPermissionGroupId(text: string): string {
  const isFree =
    text.length > OWN_PREFIX.length &&
    text.length <= PERMISSION_GROUP_ID_BYTES_MAX &&
    PRINTABLE.test(text) &&
    text.startsWith(OWN_PREFIX) &&
    !text.startsWith(SERVER_PERMISSION_GROUP_PREFIX);
  if (isFree) return text;
  throw badParameter(
    `a PermissionGroupId is ${OWN_PREFIX} and more; at most ${PERMISSION_GROUP_ID_BYTES_MAX} bytes of printable ASCII`,
  );
}

export interface PermissionFieldsApplied {
  readonly group: groupv1.PermissionGroup;
  /** What was given and differs. */
  readonly changed: groupv1.PermissionGroupFields;
}

/** The permission group with the fields changed; the one given stays as it is. @throws ChatError 10004. */
export function applyPermissionFields(
  group: groupv1.PermissionGroup,
  fields: groupv1.PermissionGroupFields,
): PermissionFieldsApplied {
  const next = clone(groupv1.PermissionGroupSchema, group);
  const changed = clone(groupv1.PermissionGroupFieldsSchema, fields);
  next.name = text('name', fields.name ?? group.name, PERMISSION_GROUP_NAME_BYTES_MAX);
  next.custom = text('custom string', fields.custom ?? group.custom, PERMISSION_GROUP_CUSTOM_BYTES_MAX);
  next.permission = checkPermission(fields.permission ?? group.permission);
  if (next.name === '') throw badParameter('a permission group has a name');
  for (const name of ['name', 'custom', 'permission'] as const) {
    if (fields[name] === group[name]) delete changed[name];
  }
  return { group: next, changed };
}

/** A set of bits; those that mean nothing are kept. @throws ChatError 10004. */
export function checkPermission(bits: bigint): bigint {
  if (bits < 0n) throw badParameter('a set of rights is not negative');
  return bits;
}

function text(what: string, given: string, bytesMax: number): string {
  if (Buffer.byteLength(given) <= bytesMax) return given;
  throw badParameter(`the ${what} of a permission group has at most ${bytesMax} bytes`);
}
