// In whose name gateway nodes are called: one batch holds pushes of many apps.
import type { AppId, UserId } from '@parley/kernel';
import { type CallContext, serviceContext } from '@parley/rpc';

export const PLATFORM_CONTEXT: CallContext = serviceContext(0 as AppId, '' as UserId);
