// A permission group of a community is made.
import { create } from '@bufbuild/protobuf';
import { ChatError, ErrorCode } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import { ChangeDraft } from '../changing/change-draft.js';
import type { Decided, GroupRegister } from '../changing/group-register.js';
import type { GroupView } from '../changing/group-view.js';
import { CREATION_ID_BYTES_MAX, PERMISSION_GROUPS_MAX } from '../domain/limits.js';
import { applyPermissionFields, checkCustomPermissionGroupId } from '../domain/permission-group-fields.js';
import { badParameter } from '../domain/refusals.js';
import type { GroupEvents } from '../events.js';
import type { GroupKey } from '../stores/group-store.js';
import { type Caller, operatorOf } from './caller.js';
import { createPermissionGroupId } from './create-group-id.js';
import { requireWithPermissions, shownPermissionGroup } from './permission-access.js';

type Request = groupv1.CreatePermissionGroupRequest;

interface Call {
  readonly request: Request;
  readonly caller: Caller;
  readonly permissionGroupId: string;
}

export class CreatePermissionGroup {
  constructor(
    private readonly register: GroupRegister,
    private readonly events: GroupEvents,
  ) {}

  /** @throws ChatError 10004, 10007, 10010, 10021 or 10025. */
  async run(key: GroupKey, request: Request, caller: Caller) {
    if (Buffer.byteLength(request.creationId) > CREATION_ID_BYTES_MAX) {
      throw badParameter(`a creation id has at most ${CREATION_ID_BYTES_MAX} bytes`);
    }
    const permissionGroupId = idOf(key, request, caller);
    const permissionGroup = await this.register.change(key, async (view) => {
      await requireWithPermissions(view, caller, 'manageGroups');
      return decide(view, { request, caller, permissionGroupId });
    });
    const { groupId } = key;
    this.events.audit('permission_group_created', caller.context, { groupId, permissionGroupId });
    return { permissionGroup };
  }
}

async function decide(
  view: GroupView,
  { request, caller, permissionGroupId }: Call,
): Promise<Decided<groupv1.PermissionGroup>> {
  const present = view.permissionGroup(permissionGroupId);
  if (present !== undefined) return { answer: await ownGroup(view, present, { request, caller }) };
  if (await view.hadPermissionGroup(permissionGroupId)) throw taken('the PermissionGroupId was taken before');
  if (view.state.permissionGroups.length >= PERMISSION_GROUPS_MAX) {
    throw badParameter(`a community has at most ${PERMISSION_GROUPS_MAX} permission groups`);
  }
  const { groupId } = view.key;
  const empty = create(groupv1.PermissionGroupSchema, { permissionGroupId, groupId });
  const fields = request.fields ?? create(groupv1.PermissionGroupFieldsSchema);
  const { group } = applyPermissionFields(empty, fields);
  const { name, custom, permission } = group;
  const { creationId } = request;
  const draft = new ChangeDraft(view, { operator: operatorOf(caller), isSilent: false });
  draft.record({
    case: 'permissionGroupCreated',
    value: create(groupv1.PermissionGroupCreatedSchema, { permissionGroup: group }),
  });
  draft.state.permissionGroups.push(
    create(groupv1.PermissionGroupStateSchema, {
      ...{ permissionGroupId, permission },
      firstSeq: draft.state.changeSeq,
    }),
  );
  draft.intent.permissionGroups.push(
    create(groupv1.PermissionGroupRowSchema, {
      ...{ permissionGroupId, name, custom, creationId },
      creator: caller.userId,
    }),
  );
  return { answer: group, next: draft };
}

function idOf(
  { appId, groupId }: GroupKey,
  { permissionGroupId, creationId }: Request,
  { userId: creator }: Caller,
): string {
  if (permissionGroupId !== '') return checkCustomPermissionGroupId(permissionGroupId);
  if (creationId === '') return createPermissionGroupId(groupId);
  return createPermissionGroupId(groupId, { appId, creator, creationId });
}

/** The permission group that stands under the id, if it is this request's own. @throws ChatError 10021 or 10025. */
async function ownGroup(
  view: GroupView,
  present: groupv1.PermissionGroupState,
  { request, caller }: Pick<Call, 'request' | 'caller'>,
): Promise<groupv1.PermissionGroup> {
  const [row] = await view.permissionRows([present.permissionGroupId]);
  if (row?.creator !== caller.userId) throw taken('the PermissionGroupId is taken');
  if (row.creationId !== '' && row.creationId === request.creationId) {
    return shownPermissionGroup(present, row, view.key.groupId);
  }
  throw new ChatError(
    ErrorCode.GROUP_ID_TAKEN_BY_CALLER,
    'the caller made a permission group with this id already',
  );
}

const taken = (info: string): ChatError => new ChatError(ErrorCode.GROUP_ID_TAKEN, info);
