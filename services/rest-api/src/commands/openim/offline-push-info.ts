// OfflinePushInfo: known fields are checked for their type, the object itself
// is stored as it came, so fields that are newer than this file survive.
import { ChatError, ErrorCode } from '@parley/kernel';
import { fieldOf } from '../../json/fields.js';
import { isJsonObject, type JsonObject } from '../../json/json-body.js';

type FieldKind = 'text' | 'integer' | 'textMap';
type Shape = Readonly<Record<string, FieldKind>>;

const TOP: Shape = { PushFlag: 'integer', Title: 'text', Desc: 'text', Ext: 'text' };

const ANDROID: Shape = {
  Sound: 'text',
  PushStyle: 'integer',
  HuaWeiChannelID: 'text',
  XiaoMiChannelID: 'text',
  OPPOChannelID: 'text',
  GoogleChannelID: 'text',
  VIVOClassification: 'integer',
  VIVOCategory: 'text',
  HuaWeiImportance: 'text',
  HuaWeiCategory: 'text',
  ExtAsHuaweiIntentParam: 'integer',
  HuaWeiImage: 'text',
  HonorImage: 'text',
  HonorImportance: 'text',
  GoogleImage: 'text',
  OPPOCategory: 'text',
  OPPONotifyLevel: 'integer',
  OPPOPrivateMsgTemplateId: 'text',
  OPPOPrivateTitleParameters: 'textMap',
  OPPOPrivateContentParameters: 'textMap',
  VIVONotifyType: 'integer',
  GooglePriority: 'text',
  MeiZuNoticeMsgType: 'integer',
};

const APNS: Shape = {
  Sound: 'text',
  BadgeMode: 'integer',
  Title: 'text',
  SubTitle: 'text',
  Image: 'text',
  MutableContent: 'integer',
  InterruptionLevel: 'text',
  ContentAvailable: 'integer',
};

const IS_OF_KIND: Readonly<Record<FieldKind, (value: unknown) => boolean>> = {
  text: (value) => typeof value === 'string',
  integer: (value) => Number.isInteger(value),
  textMap: (value) => isJsonObject(value) && Object.values(value).every((each) => typeof each === 'string'),
};

/** The stored form; empty when the field is absent. @throws ChatError 90043 when it is malformed. */
export function parseOfflinePushInfo(body: JsonObject): Uint8Array {
  const info = fieldOf(body, 'OfflinePushInfo');
  if (info === undefined) return new Uint8Array();
  const top = requireShape(info, 'OfflinePushInfo', TOP);
  checkPart(top, 'AndroidInfo', ANDROID);
  checkPart(top, 'ApnsInfo', APNS);
  return Buffer.from(JSON.stringify(info));
}

function checkPart(info: JsonObject, name: string, shape: Shape): void {
  const part = fieldOf(info, name);
  if (part !== undefined) requireShape(part, `OfflinePushInfo.${name}`, shape);
}

function requireShape(value: unknown, name: string, shape: Shape): JsonObject {
  if (!isJsonObject(value)) throw malformed(`${name} must be an object`);
  for (const [field, kind] of Object.entries(shape)) {
    const found = fieldOf(value, field);
    if (found !== undefined && !IS_OF_KIND[kind](found)) throw malformed(`${name}.${field} has a wrong type`);
  }
  return value;
}

const malformed = (info: string): ChatError => new ChatError(ErrorCode.OFFLINE_PUSH_MALFORMED, info);
