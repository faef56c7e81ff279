// Attributes change, all of a request or none.
import { create } from '@bufbuild/protobuf';
import type { Coordination } from '@parley/coordination';
import { ChatError, ErrorCode } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import { ChangeDraft } from '../changing/change-draft.js';
import type { Decided, GroupRegister } from '../changing/group-register.js';
import type { GroupView } from '../changing/group-view.js';
import { changeAttributes } from '../domain/attributes.js';
import { ATTRIBUTE_WRITES_PER_SECOND_MAX } from '../domain/limits.js';
import { badParameter } from '../domain/refusals.js';
import type { GroupKey } from '../stores/group-store.js';
import { type Caller, operatorOf, requireOperation } from './caller.js';

const WINDOW_MS = 1_000;

export class ChangeAttributes {
  constructor(
    private readonly register: GroupRegister,
    private readonly coordination: Coordination,
  ) {}

  /** @throws ChatError 10004, 10007, 10010, 10045 to 10050 or 10056. */
  async run(key: GroupKey, request: groupv1.ChangeAttributesRequest, caller: Caller) {
    if (request.mainSeq === undefined && !caller.isBackEnd) {
      throw badParameter('the number of the attributes that were seen is missing');
    }
    const window = `group-attributes:${key.appId}:${key.groupId}`;
    const writes = await this.coordination.countInWindow(window, 1, WINDOW_MS);
    if (writes > ATTRIBUTE_WRITES_PER_SECOND_MAX) {
      throw new ChatError(ErrorCode.GROUP_ATTRIBUTE_RATE_EXCEEDED, 'attributes change faster than allowed');
    }
    const { attributes, mainSeq } = await this.register.change(key, (view) => decide(view, request, caller));
    return { attributes, mainSeq };
  }
}

async function decide(
  view: GroupView,
  request: groupv1.ChangeAttributesRequest,
  caller: Caller,
): Promise<Decided<groupv1.AttributeSet>> {
  await requireOperation(view, caller, 'changeAttributes');
  const stored = await view.attributes();
  const draft = new ChangeDraft(view, { operator: operatorOf(caller), isSilent: false });
  if (request.mainSeq !== undefined && request.mainSeq !== stored.mainSeq) {
    const isDone = caller.isRetry && isAsWanted(stored, request);
    if (isDone) return { answer: stored };
    throw new ChatError(ErrorCode.GROUP_ATTRIBUTE_CONFLICT, 'somebody else changed the attributes');
  }
  const next = changeAttributes(stored, request, draft.state.changeSeq + 1n);
  if (next === undefined) return { answer: stored };
  draft.intent.attributes = next;
  draft.record({
    case: 'attributesChanged',
    value: create(groupv1.AttributesChangedSchema, { attributes: next.attributes, mainSeq: next.mainSeq }),
  });
  return { answer: next, next: draft };
}

/** Whether the attributes stand as a retried change would leave them. */
function isAsWanted(stored: groupv1.AttributeSet, request: groupv1.ChangeAttributesRequest): boolean {
  if (request.mode === groupv1.AttributeMode.DELETE) {
    return request.attributes.every(({ key }) => stored.attributes.every((one) => one.key !== key));
  }
  return changeAttributes(stored, request, 0n) === undefined;
}
