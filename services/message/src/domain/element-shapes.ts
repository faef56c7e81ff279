// The documented elements as data. Source: rest-accounts-messages.md 2.2. Field types are
// held; unknown fields pass, because newer clients add them and older ones must keep them.

export type FieldType = 'string' | 'number' | 'integer';

export interface ElementShape {
  readonly fields: Readonly<Record<string, FieldType>>;
  readonly required?: readonly string[];
  /** Arrays of objects or texts within the element. */
  readonly lists?: Readonly<Record<string, ListShape>>;
}

export interface ListShape {
  readonly itemsMax: number;
  /** Absent: the items are texts. */
  readonly item?: ElementShape;
  /** The items' field that is a MsgBody again. */
  readonly bodyField?: string;
}

const RENDITION: ElementShape = {
  fields: { Type: 'integer', Size: 'number', Width: 'number', Height: 'number', URL: 'string' },
};

const MERGED_MESSAGE: ElementShape = {
  fields: {
    From_Account: 'string',
    To_Account: 'string',
    GroupId: 'string',
    MsgSeq: 'integer',
    MsgRandom: 'integer',
    MsgTimeStamp: 'integer',
    CloudCustomData: 'string',
  },
};

/** Old SDKs send sounds, files and videos without URL and flags, so nothing of theirs is required. */
export const ELEMENT_SHAPES: ReadonlyMap<string, ElementShape> = new Map<string, ElementShape>([
  ['TIMTextElem', { fields: { Text: 'string' }, required: ['Text'] }],
  ['TIMFaceElem', { fields: { Index: 'integer', Data: 'string' }, required: ['Index'] }],
  [
    'TIMLocationElem',
    {
      fields: { Desc: 'string', Latitude: 'number', Longitude: 'number' },
      required: ['Latitude', 'Longitude'],
    },
  ],
  ['TIMCustomElem', { fields: { Data: 'string', Desc: 'string', Ext: 'string', Sound: 'string' } }],
  [
    'TIMSoundElem',
    { fields: { Url: 'string', UUID: 'string', Size: 'number', Second: 'number', Download_Flag: 'integer' } },
  ],
  [
    'TIMImageElem',
    {
      fields: { UUID: 'string', ImageFormat: 'integer' },
      lists: { ImageInfoArray: { itemsMax: 3, item: RENDITION } },
    },
  ],
  [
    'TIMFileElem',
    {
      fields: {
        Url: 'string',
        UUID: 'string',
        FileSize: 'number',
        FileName: 'string',
        Download_Flag: 'integer',
      },
    },
  ],
  [
    'TIMVideoFileElem',
    {
      fields: {
        VideoUrl: 'string',
        VideoUUID: 'string',
        VideoSize: 'number',
        VideoSecond: 'number',
        VideoFormat: 'string',
        VideoDownloadFlag: 'integer',
        ThumbUrl: 'string',
        ThumbUUID: 'string',
        ThumbSize: 'number',
        ThumbWidth: 'number',
        ThumbHeight: 'number',
        ThumbFormat: 'string',
        ThumbDownloadFlag: 'integer',
      },
    },
  ],
  [
    'TIMRelayElem',
    {
      fields: { Title: 'string', MsgNum: 'integer', CompatibleText: 'string', JsonMsgKey: 'string' },
      lists: {
        AbstractList: { itemsMax: 300 },
        MsgList: { itemsMax: 300, item: MERGED_MESSAGE, bodyField: 'MsgBody' },
      },
    },
  ],
]);

/** What the platform may say beside: tips in groups, and notices to persons. Their fields are the group service's own. */
export const PLATFORM_ELEMENT_SHAPES: ReadonlyMap<string, ElementShape> = new Map<string, ElementShape>([
  ...ELEMENT_SHAPES,
  ['TIMGroupTipElem', { fields: {} }],
  ['TIMGroupSystemNoticeElem', { fields: {} }],
]);
