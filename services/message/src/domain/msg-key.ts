// MsgKey, the handle of a message at the compatible borders: `<MsgSeq>_<MsgRandom>_<MsgTime>`.

export interface MsgKey {
  readonly msgSeq: number;
  readonly random: number;
  readonly timeS: number;
}

const FORM = /^(\d{1,10})_(\d{1,10})_(\d{1,10})$/;
const UINT32_MAX = 0xffff_ffff;

/** Undefined when the text is no MsgKey. */
export function parseMsgKey(text: string): MsgKey | undefined {
  const parts = FORM.exec(text);
  if (parts === null) return undefined;
  const [msgSeq, random, timeS] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  if (msgSeq > UINT32_MAX || random > UINT32_MAX || timeS > UINT32_MAX) return undefined;
  return { msgSeq, random, timeS };
}

export const formatMsgKey = (key: MsgKey): string => `${key.msgSeq}_${key.random}_${key.timeS}`;
