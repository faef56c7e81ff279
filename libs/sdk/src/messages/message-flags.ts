// Bits of Message.flags.
import { messagev1 } from '@parley/proto';

export const MessageFlag = messagev1.MessageFlag;

export const hasFlag = (flags: number, flag: messagev1.MessageFlag): boolean => (flags & flag) !== 0;
