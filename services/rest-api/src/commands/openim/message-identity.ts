// The names of a one-to-one message at the compatible borders.
import { crc32 } from 'node:zlib';
import type { MessageContent } from './message-fields.js';

export const msgTimeOf = (timeMs: bigint): number => Number(timeMs / 1000n);

export interface MessageNames {
  readonly msgSeq: number;
  readonly random: number;
  readonly msgTime: number;
}

/** `<MsgSeq>_<MsgRandom>_<MsgTime>`: the handle for recall, change, deletion, extensions and receipts. */
export const msgKeyOf = ({ msgSeq, random, msgTime }: MessageNames): string =>
  `${msgSeq}_${random}_${msgTime}`;

/** The client-side unique id. */
export const msgIdOf = (from: string, { msgTime, random }: MessageNames): string =>
  `${from}-${msgTime}-${random}`;

/** CRC32 of the body and the custom data. */
export const contentCrc = ({ body, cloudCustomData }: MessageContent): number =>
  crc32(cloudCustomData, crc32(body));

/**
 * Names a REST send among its retries: sender, MsgSeq, MsgRandom and CRC32 of the content. The sender comes last
 * because it may hold any character. The prefix keeps it apart from the ids that SDKs choose.
 */
export const dedupKeyOf = (
  from: string,
  { msgSeq, random }: Omit<MessageNames, 'msgTime'>,
  content: MessageContent,
): string => `rest:${msgSeq}:${random}:${contentCrc(content)}:${from}`;
