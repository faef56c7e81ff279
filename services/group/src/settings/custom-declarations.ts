// Custom fields of groups and members, as the setting has them.
import { z } from 'zod';
import { type Declaration, LEVELS } from '../domain/custom-fields.js';

const level = z.enum(LEVELS);
const declarations = z
  .array(
    z.strictObject({
      key: z.string().regex(/^[A-Za-z0-9_]{1,16}$/),
      scope: z.enum(['group', 'member']),
      types: z.array(z.string()).optional(),
      read: level.default('Anyone'),
      write: level.default('Member'),
    }),
  )
  .max(500);

/** Reads the setting. @throws Error naming the mistake. */
export const parseCustomDeclarations = (json: string): Declaration[] => declarations.parse(JSON.parse(json));
