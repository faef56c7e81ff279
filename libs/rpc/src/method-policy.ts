// What a proto method declares about itself, read from its options once.
import { type DescMethod, type DescService, getOption, ScalarType } from '@bufbuild/protobuf';
import { MethodOptions_IdempotencyLevel } from '@bufbuild/protobuf/wkt';
import { optionsv1 } from '@parley/proto';
import type { CallerRole } from './call-context.js';

export const RateClass = optionsv1.RateClass;
export type RateClass = optionsv1.RateClass;

/** Time a call may take when neither the method nor the caller says otherwise, ms. */
export const DEADLINE_MS_DEFAULT = 5_000;

/** The options of parley.options.v1.MethodPolicy with their defaults filled in. */
export interface MethodPolicy {
  /** `package.Service/Method`. */
  readonly fullName: string;
  /** Number on the SDK wire; 0: the SDK cannot call it. */
  readonly sdkMethod: number;
  readonly rateClass: RateClass;
  readonly deadlineMs: number;
  /** Names of the request's string fields that pick the preferred replica. */
  readonly routingKey: readonly string[];
  /** The same fields by their numbers. */
  readonly routingFields: readonly number[];
  readonly allowedRoles: ReadonlySet<CallerRole>;
  /** May be sent again when it is unknown whether it happened. */
  readonly isIdempotent: boolean;
}

const cache = new WeakMap<DescMethod, MethodPolicy>();

/**
 * The policy of a method; reads the descriptor at the first call only.
 * @throws Error when the declaration names a routing field that is not a string field of the request.
 */
export function methodPolicy(method: DescMethod): MethodPolicy {
  const known = cache.get(method);
  if (known !== undefined) return known;
  const policy = readPolicy(method);
  cache.set(method, policy);
  return policy;
}

function readPolicy(method: DescMethod): MethodPolicy {
  const declared = getOption(method, optionsv1.policy);
  const roles = declared.allowedRoles.length === 0 ? [optionsv1.CallerRole.SERVICE] : declared.allowedRoles;
  return {
    fullName: `${method.parent.typeName}/${method.name}`,
    sdkMethod: declared.sdkMethod,
    rateClass: declared.rateClass,
    deadlineMs: declared.deadlineMs === 0 ? DEADLINE_MS_DEFAULT : declared.deadlineMs,
    routingKey: declared.routingKey,
    routingFields: declared.routingKey.map((name) => stringFieldNumber(method, name)),
    allowedRoles: new Set(roles),
    isIdempotent: method.idempotency !== MethodOptions_IdempotencyLevel.IDEMPOTENCY_UNKNOWN,
  };
}

function stringFieldNumber(method: DescMethod, name: string): number {
  const field = method.input.fields.find((candidate) => candidate.name === name);
  if (field?.fieldKind !== 'scalar' || field.scalar !== ScalarType.STRING) {
    throw new Error(`${method.parent.typeName}/${method.name}: routing key "${name}" is no string field`);
  }
  return field.number;
}

/**
 * Everything that an SDK may call, by its number on the wire.
 * @throws Error when two methods share a number or a method with a number has no rate class.
 */
export function sdkMethodTable(services: readonly DescService[]): ReadonlyMap<number, DescMethod> {
  const table = new Map<number, DescMethod>();
  for (const method of services.flatMap((service) => service.methods)) {
    const { sdkMethod, rateClass, fullName } = methodPolicy(method);
    if (sdkMethod === 0) continue;
    const other = table.get(sdkMethod);
    if (other !== undefined) {
      throw new Error(`SDK method ${sdkMethod} is both ${methodPolicy(other).fullName} and ${fullName}`);
    }
    if (rateClass === RateClass.UNSPECIFIED) throw new Error(`${fullName}: an SDK method needs a rate class`);
    table.set(sdkMethod, method);
  }
  return table;
}
