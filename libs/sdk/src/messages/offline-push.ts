// OfflinePushInfo of the compatible borders from the options of the API.
import type { OfflinePushInfo } from '../model/chat-sdk.js';

const ANDROID_FIELDS: Readonly<Record<string, string>> = {
  sound: 'Sound',
  XiaoMiChannelID: 'XiaoMiChannelID',
  OPPOChannelID: 'OPPOChannelID',
  FCMChannelID: 'GoogleChannelID',
  VIVOClassification: 'VIVOClassification',
  VIVOCategory: 'VIVOCategory',
  HuaWeiCategory: 'HuaWeiCategory',
  OPPOCategory: 'OPPOCategory',
};

type Fields = Readonly<Record<string, unknown>>;

/** UTF-8 JSON; empty when there is nothing to say. VoIP push has no field at the borders and is left out. */
export function encodeOfflinePush(info: OfflinePushInfo | undefined): Uint8Array {
  if (info === undefined) return new Uint8Array(0);
  const { apnsInfo, androidInfo } = info;
  const fields: Record<string, unknown> = {
    PushFlag: info.disablePush === true ? 1 : 0,
    Title: info.title,
    Desc: info.description,
    Ext: info.extension,
    AndroidInfo: androidInfo && renameFields(androidInfo),
    ApnsInfo: apnsInfo && {
      Sound: apnsInfo.sound,
      BadgeMode: apnsInfo.ignoreIOSBadge === true ? 1 : 0,
    },
  };
  return new TextEncoder().encode(JSON.stringify(fields));
}

const renameFields = (info: Fields): Fields =>
  Object.fromEntries(
    Object.entries(ANDROID_FIELDS)
      .filter(([field]) => info[field] !== undefined)
      .map(([field, wire]) => [wire, field === 'VIVOClassification' ? Number(info[field]) : info[field]]),
  );
