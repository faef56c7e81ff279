// Own types of groups, as the setting has them.
import { groupv1 } from '@parley/proto';
import { z } from 'zod';
import { BUILT_IN_TYPES } from '../domain/built-in-types.js';
import { type GroupPolicy, OPERATIONS } from '../domain/policy.js';

const joinOption = z
  .enum(['FreeAccess', 'NeedPermission', 'Disabled'])
  .transform((name): groupv1.JoinOption => {
    if (name === 'FreeAccess') return groupv1.JoinOption.FREE;
    return name === 'NeedPermission' ? groupv1.JoinOption.NEED_PERMISSION : groupv1.JoinOption.DISABLED;
  });
const optionRule = z.strictObject({ default: joinOption, isFixed: z.boolean() });
const tipFate = z.enum(['stored', 'sent', 'off']);
const letters = z.string().regex(/^[SMAOX]{0,5}$/);

/** A type of the installation's own: a built-in one with some cells of its row changed. */
const customType = z.strictObject({
  name: z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,31}$/),
  base: z.string(),
  may: z.partialRecord(z.enum(OPERATIONS), letters).optional(),
  ownerMayQuit: z.boolean().optional(),
  apply: optionRule.optional(),
  invite: optionRule.optional(),
  historyBeforeJoin: z.strictObject({ default: z.boolean(), isFixed: z.boolean() }).optional(),
  hiddenUntilActive: z.boolean().optional(),
  countsUnread: z.boolean().optional(),
  takesTargeted: z.boolean().optional(),
  takesAtAll: z.boolean().optional(),
  takesRecall: z.boolean().optional(),
  takesReceipts: z.boolean().optional(),
  tips: z
    .strictObject({ members: tipFate, profile: tipFate, options: tipFate, roles: tipFate })
    .partial()
    .optional(),
  rateMax: z.number().int().min(1).max(100_000).optional(),
});
type CustomType = z.output<typeof customType>;
const customTypes = z.array(customType).max(50);

/** Reads the setting. @throws Error naming the mistake. */
export const parseCustomTypes = (json: string): GroupPolicy[] =>
  customTypes.parse(JSON.parse(json)).map(toPolicy);

function toPolicy(custom: CustomType): GroupPolicy {
  const base = BUILT_IN_TYPES.find((type) => type.name === custom.base || type.aliases.includes(custom.base));
  if (base === undefined) throw new Error(`group type ${custom.name}: no built-in type "${custom.base}"`);
  const { name, base: _, may, tips, ...changes } = custom;
  return {
    ...base,
    ...given(changes),
    name,
    aliases: [],
    may: { ...base.may, ...may },
    tips: { ...base.tips, ...given(tips ?? {}) },
  };
}

/** Without the entries that were left out. */
const given = <T extends object>(changes: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
