// How users stand to each other. Source: rest-accounts-messages.md 9.1, 9.7, 9.10.
import { ChatError } from '@parley/kernel';
import { relationv1 } from '@parley/proto';
import { optionalChoice } from '../../json/fields.js';
import type { JsonObject } from '../../json/json-body.js';
import { type Command, defineCommand, type RequestScope } from '../command.js';
import { answered, BAD, fromAccount, rendered, SNS, textsOf } from './relation-fields.js';

const { Relation, Sides } = relationv1;

interface Check {
  readonly userId: string;
  readonly userIds: string[];
  readonly sides: relationv1.Sides;
}

type Results = readonly relationv1.CheckResult[];

interface CheckCommand {
  readonly path: string;
  /** What all values begin with. */
  readonly prefix: string;
  /** How the value is called that says that there is nothing. */
  readonly none: string;
  readonly list: string;
  ask(check: Check, scope: RequestScope): Promise<Results>;
}

function defineCheck({ path, prefix, none, list, ask }: CheckCommand): Command {
  const words: Readonly<Record<relationv1.Relation, string>> = {
    [Relation.UNSPECIFIED]: none,
    [Relation.NONE]: none,
    [Relation.A_WITH_B]: 'AWithB',
    [Relation.B_WITH_A]: 'BWithA',
    [Relation.BOTH]: 'BothWay',
  };
  return defineCommand<Check, Results>({
    path,
    ...SNS,
    parse: (body) => ({
      userId: fromAccount(body),
      userIds: textsOf(body, 'To_Account'),
      sides: checkType(body, prefix),
    }),
    call: ask,
    render: (results) =>
      answered(
        rendered(list, results, { told: ({ relation }) => ({ Relation: `${prefix}_${words[relation]}` }) }),
      ),
  });
}

function checkType(body: JsonObject, prefix: string): relationv1.Sides {
  const values = new Map([
    [`${prefix}_Single`, Sides.SINGLE],
    [`${prefix}_Both`, Sides.BOTH],
  ]);
  const sides = optionalChoice(body, 'CheckType', { values, code: BAD });
  if (sides === undefined) throw new ChatError(BAD, 'CheckType is required');
  return sides;
}

export const friendCheck = defineCheck({
  path: 'sns/friend_check',
  prefix: 'CheckResult_Type',
  none: 'NoRelation',
  list: 'InfoItem',
  ask: async (check, { tools, context }) => (await tools.relations.checkFriends(check, context)).results,
});

export const blackListCheck = defineCheck({
  path: 'sns/black_list_check',
  prefix: 'BlackCheckResult_Type',
  none: 'NO',
  list: 'BlackListCheckItem',
  ask: async (check, { tools, context }) => (await tools.relations.checkBlocklist(check, context)).results,
});
