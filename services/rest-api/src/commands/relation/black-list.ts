// Whom a user does not want to hear of. Source: rest-accounts-messages.md 9.10.
import type { relationv1 } from '@parley/proto';
import { requiredInteger } from '../../json/fields.js';
import type { JsonObject } from '../../json/json-body.js';
import { defineCommand } from '../command.js';
import { answered, BAD, fromAccount, rendered, SNS, textsOf } from './relation-fields.js';

const PAGE_MAX = 1_000;

interface Change {
  readonly userId: string;
  readonly userIds: string[];
}

type Results = readonly relationv1.RelationResult[];

const toChange = (body: JsonObject): Change => ({
  userId: fromAccount(body),
  userIds: textsOf(body, 'To_Account'),
});

export const blackListAdd = defineCommand<Change, Results>({
  path: 'sns/black_list_add',
  ...SNS,
  parse: toChange,
  call: async (change, { tools, context }) => (await tools.relations.addToBlocklist(change, context)).results,
  render: (results) =>
    answered(rendered('ResultItem', results, { infos: { 30001: 'Err_SNS_BlackListAdd_Already_Exist' } })),
});

export const blackListDelete = defineCommand<Change, Results>({
  path: 'sns/black_list_delete',
  ...SNS,
  parse: toChange,
  call: async (change, { tools, context }) =>
    (await tools.relations.removeFromBlocklist(change, context)).results,
  render: (results) => answered(rendered('ResultItem', results)),
});

interface ListQuery {
  readonly userId: string;
  readonly startIndex: number;
  readonly limit: number;
  readonly blocklistVersion: bigint;
}

export const blackListGet = defineCommand<ListQuery, relationv1.ListBlocklistResponse>({
  path: 'sns/black_list_get',
  ...SNS,
  parse: (body) => ({
    userId: fromAccount(body),
    startIndex: requiredInteger(body, 'StartIndex', { code: BAD }),
    limit: requiredInteger(body, 'MaxLimited', { code: BAD, min: 1, max: PAGE_MAX }),
    blocklistVersion: BigInt(
      requiredInteger(body, 'LastSequence', { code: BAD, max: Number.MAX_SAFE_INTEGER }),
    ),
  }),
  call: (query, { tools, context }) => tools.relations.listBlocklist(query, context),
  render: ({ blocked, versions, nextIndex }) =>
    answered({
      BlackListItem: blocked.map(({ userId, blockTimeS }) => ({
        To_Account: userId,
        AddBlackTimeStamp: blockTimeS,
      })),
      StartIndex: nextIndex,
      // Spelled so on the wire.
      CurruentSequence: Number(versions?.blocklist ?? 0n),
    }),
});
