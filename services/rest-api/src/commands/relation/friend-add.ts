// Friends are added and contacts imported. Source: rest-accounts-messages.md 9.2, 9.3.
import type { MessageInitShape } from '@bufbuild/protobuf';
import { relationv1 } from '@parley/proto';
import {
  eachObject,
  optionalChoice,
  optionalInteger,
  optionalObjects,
  optionalSwitch,
  optionalText,
  optionalTexts,
  requiredText,
} from '../../json/fields.js';
import type { JsonObject } from '../../json/json-body.js';
import { defineCommand } from '../command.js';
import {
  ADD_TYPES,
  answered,
  BAD,
  customItem,
  fromAccount,
  listOf,
  rendered,
  requiredValue,
  SNS,
} from './relation-fields.js';

const ADDED_MAX = 100;
const IMPORTED_MAX = 1_000;

type Addition = MessageInitShape<typeof relationv1.AddFriendsRequestSchema>;
type Import = MessageInitShape<typeof relationv1.ImportFriendsRequestSchema>;
type Results = readonly relationv1.RelationResult[];

const shared = (item: JsonObject) => ({
  userId: requiredText(item, 'To_Account', BAD),
  remark: optionalText(item, 'Remark', BAD) ?? '',
  addSource: optionalText(item, 'AddSource', BAD) ?? '',
  addWording: optionalText(item, 'AddWording', BAD) ?? '',
});

export const friendAdd = defineCommand<Addition, Results>({
  path: 'sns/friend_add',
  ...SNS,
  parse: (body) => ({
    userId: fromAccount(body),
    items: eachObject(listOf(body, 'AddFriendItem', ADDED_MAX), 'AddFriendItem', BAD).map((item) => ({
      ...shared(item),
      group: optionalText(item, 'GroupName', BAD) ?? '',
    })),
    sides: optionalChoice(body, 'AddType', { values: ADD_TYPES, code: BAD }) ?? relationv1.Sides.BOTH,
    isForced: optionalSwitch(body, 'ForceAddFlags', BAD),
  }),
  call: async (request, { tools, context }) => (await tools.relations.addFriends(request, context)).results,
  render: (results) => answered(rendered('ResultItem', results)),
});

export const friendImport = defineCommand<Import, Results>({
  path: 'sns/friend_import',
  ...SNS,
  parse: (body) => ({
    userId: fromAccount(body),
    items: eachObject(listOf(body, 'AddFriendItem', IMPORTED_MAX), 'AddFriendItem', BAD).map((item) => ({
      ...shared(item),
      // Required here, whatever it says.
      addSource: requiredText(item, 'AddSource', BAD),
      remarkTimeS: optionalInteger(item, 'RemarkTime', { code: BAD }) ?? 0,
      groups: [...optionalTexts(item, 'GroupName', BAD)],
      addTimeS: optionalInteger(item, 'AddTime', { code: BAD }) ?? 0,
      custom: optionalObjects(item, 'CustomItem', BAD).map((custom) =>
        customItem(requiredText(custom, 'Tag', BAD), requiredValue(custom, 'Value')),
      ),
    })),
  }),
  call: async (request, { tools, context }) =>
    (await tools.relations.importFriends(request, context)).results,
  render: (results) =>
    answered(
      rendered('ResultItem', results, {
        infos: { 30010: 'Err_SNS_FriendImport_My_Friend_Num_Exceed_Threshold' },
      }),
    ),
});
