// From what a request says of a newcomer to a member.
import { create } from '@bufbuild/protobuf';
import { groupv1 } from '@parley/proto';
import type { CustomFields } from './custom-fields.js';
import { NAME_CARD_BYTES_MAX } from './limits.js';
import type { ActorRole, GroupPolicy } from './policy.js';
import { badParameter } from './refusals.js';

export function checkNameCard(card: string): string {
  if (Buffer.byteLength(card) <= NAME_CARD_BYTES_MAX) return card;
  throw badParameter(`a name card has at most ${NAME_CARD_BYTES_MAX} bytes`);
}

/** @throws ChatError 10004 or 10007 on a name card or custom field that may not be. */
export function toMember(
  asked: groupv1.NewMember,
  where: { readonly policy: GroupPolicy; readonly role: ActorRole; readonly nowS: number },
  custom: CustomFields,
): groupv1.Member {
  if (asked.role === groupv1.Role.OWNER) throw badParameter('nobody is added as an owner');
  if (asked.role === groupv1.Role.ADMIN && !where.policy.hasAdmins) {
    throw badParameter('groups of this type have no admins');
  }
  return create(groupv1.MemberSchema, {
    userId: asked.userId,
    joinTimeS: asked.joinTimeS || where.nowS,
    nameCard: checkNameCard(asked.nameCard),
    receiveOption: where.policy.receiveOption,
    custom: custom.apply({}, asked.custom, { scope: 'member', ...where }),
  });
}

/** A member of whom nothing more is known than who it is. */
export const plainMember = (userId: string, policy: GroupPolicy, nowS: number): groupv1.Member =>
  create(groupv1.MemberSchema, { userId, joinTimeS: nowS, receiveOption: policy.receiveOption });
