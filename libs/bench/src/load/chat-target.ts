// Whom a message is for: a user, or a group.
import { messagev1 } from '@parley/proto';

export interface ChatTarget {
  readonly kind: 'C2C' | 'GROUP';
  readonly id: string;
}

export const userTarget = (id: string): ChatTarget => ({ kind: 'C2C', id });
export const groupTarget = (id: string): ChatTarget => ({ kind: 'GROUP', id });

/** As the SDK names the conversation. */
export const conversationIdOf = ({ kind, id }: ChatTarget): string => kind + id;

/** The conversation that the SDK names so. */
export const targetOf = (conversationId: string): ChatTarget =>
  conversationId.startsWith('GROUP')
    ? groupTarget(conversationId.slice('GROUP'.length))
    : userTarget(conversationId.slice('C2C'.length));

export const conversationTypeOf = ({ kind }: ChatTarget): messagev1.ConversationType =>
  kind === 'GROUP' ? messagev1.ConversationType.GROUP : messagev1.ConversationType.C2C;

/** The name of a conversation in a history: its two users in byte order, or the group. */
export const conversationName = (user: string, { kind, id }: ChatTarget): string =>
  kind === 'GROUP' ? `group ${id}` : [user, id].sort().join('+');
