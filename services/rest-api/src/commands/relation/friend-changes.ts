// Entries are changed and deleted. Source: rest-accounts-messages.md 9.4 to 9.6.
import type { MessageInitShape } from '@bufbuild/protobuf';
import { ChatError } from '@parley/kernel';
import { relationv1 } from '@parley/proto';
import { eachObject, eachText, optionalChoice, requiredText } from '../../json/fields.js';
import type { JsonObject } from '../../json/json-body.js';
import { defineCommand } from '../command.js';
import {
  answered,
  BAD,
  CUSTOM_PREFIX,
  customItem,
  DELETE_TYPES,
  fromAccount,
  listOf,
  rendered,
  requiredValue,
  SNS,
  TAGS,
  textsOf,
} from './relation-fields.js';

/** Remark, groups, and every custom field. */
const ITEMS_MAX = 32;

type Update = MessageInitShape<typeof relationv1.UpdateFriendsRequestSchema>;
type UpdateItem = Exclude<MessageInitShape<typeof relationv1.FriendUpdateSchema>, relationv1.FriendUpdate>;
type Deletion = MessageInitShape<typeof relationv1.DeleteFriendsRequestSchema>;
type Results = readonly relationv1.RelationResult[];

export const friendUpdate = defineCommand<Update, Results>({
  path: 'sns/friend_update',
  ...SNS,
  parse: (body) => ({
    userId: fromAccount(body),
    items: eachObject(listOf(body, 'UpdateItem'), 'UpdateItem', BAD).map(toUpdate),
  }),
  call: async (request, { tools, context }) =>
    (await tools.relations.updateFriends(request, context)).results,
  render: (results) => answered(rendered('ResultItem', results)),
});

function toUpdate(item: JsonObject): UpdateItem {
  const fields = eachObject(listOf(item, 'SnsItem', ITEMS_MAX), 'SnsItem', BAD);
  let update: UpdateItem = { userId: requiredText(item, 'To_Account', BAD) };
  for (const field of fields) {
    const tag = requiredText(field, 'Tag', BAD);
    const value = requiredValue(field, 'Value');
    if (tag === TAGS.remark && typeof value === 'string') update = { ...update, remark: value };
    else if (tag === TAGS.group && Array.isArray(value)) {
      update = { ...update, groups: { names: eachText(value, 'Value', BAD) } };
    } else if (tag.startsWith(CUSTOM_PREFIX)) {
      update = { ...update, custom: [...(update.custom ?? []), customItem(tag, value)] };
    } else throw new ChatError(BAD, 'only remark, groups and declared fields may be set, each of its type');
  }
  return update;
}

export const friendDelete = defineCommand<Deletion, Results>({
  path: 'sns/friend_delete',
  ...SNS,
  parse: (body) => ({
    userId: fromAccount(body),
    userIds: textsOf(body, 'To_Account'),
    sides: deleteType(body),
  }),
  call: async (request, { tools, context }) =>
    (await tools.relations.deleteFriends(request, context)).results,
  render: (results) => answered(rendered('ResultItem', results)),
});

export const friendDeleteAll = defineCommand<Deletion, void>({
  path: 'sns/friend_delete_all',
  ...SNS,
  parse: (body) => ({ userId: fromAccount(body), sides: deleteType(body) }),
  async call({ userId, sides }, { tools, context }) {
    await tools.relations.deleteAllFriends({ userId: userId ?? '', sides: sides ?? 0 }, context);
  },
  render: () => answered(),
});

const deleteType = (body: JsonObject): relationv1.Sides =>
  optionalChoice(body, 'DeleteType', { values: DELETE_TYPES, code: BAD }) ?? relationv1.Sides.SINGLE;
