// What a group is called, and its options.
import { create, equals } from '@bufbuild/protobuf';
import { groupv1 } from '@parley/proto';
import { ChangeDraft } from '../changing/change-draft.js';
import type { GroupRegister } from '../changing/group-register.js';
import type { GroupView } from '../changing/group-view.js';
import {
  applyFields,
  type FieldRules,
  touchesOptions,
  touchesPermissions,
  touchesProfile,
} from '../domain/group-fields.js';
import type { PermissionAct } from '../domain/member-rights.js';
import type { ActorRole } from '../domain/policy.js';
import type { GroupEvents } from '../events.js';
import type { GroupKey } from '../stores/group-store.js';
import { type Caller, operatorOf, requireOperation } from './caller.js';
import { requirePermissionAct } from './permission-access.js';
import { withType } from './shown-group.js';

export interface ModifyGroupDeps {
  readonly register: GroupRegister;
  readonly rules: FieldRules;
  readonly events: GroupEvents;
}

export class ModifyGroup {
  constructor(private readonly deps: ModifyGroupDeps) {}

  /** @throws ChatError 10004, 10007 or 10010. */
  async run(key: GroupKey, request: groupv1.ModifyGroupRequest, caller: Caller) {
    const fields = request.fields ?? create(groupv1.GroupFieldsSchema);
    const author = { operator: operatorOf(caller, request.operator), isSilent: false };
    const group = await this.deps.register.change(key, async (view) => {
      const role = await checkRights(view, fields, caller);
      const { policy } = view;
      const next = applyFields(view.group, fields, { policy, role, isCreation: false }, this.deps.rules);
      if (equals(groupv1.GroupSchema, next, view.group)) return { answer: withType(next, policy) };
      const draft = new ChangeDraft(view, author);
      draft.group = next;
      draft.touch().record({
        case: 'modified',
        value: create(groupv1.GroupModifiedSchema, { fields: changedOnly(fields, view.group) }),
      });
      return { answer: withType(next, policy), next: draft };
    });
    this.deps.events.audit('modified', caller.context, { groupId: key.groupId });
    return { group };
  }
}

async function checkRights(view: GroupView, fields: groupv1.GroupFields, caller: Caller): Promise<ActorRole> {
  let role: ActorRole | undefined;
  if (touchesPermissions(fields)) role = await requirePermissionAct(view, caller, actOf(fields));
  if (touchesOptions(fields)) role = await requireOperation(view, caller, 'modifyOptions');
  if (fields.muteAll !== undefined) role = await requireOperation(view, caller, 'muteAll');
  if (role === undefined || touchesProfile(fields)) {
    role = await requireOperation(view, caller, 'modifyProfile');
  }
  return role;
}

const actOf = ({ enablePermission }: groupv1.GroupFields): PermissionAct =>
  enablePermission === undefined ? 'manageGroups' : 'switch';

/** What was given and differs: that is what members are told. */
function changedOnly(fields: groupv1.GroupFields, group: groupv1.Group): groupv1.GroupFields {
  const changed = create(groupv1.GroupFieldsSchema, fields);
  for (const name of [
    'name',
    'introduction',
    'notification',
    'faceUrl',
    'maxMemberNum',
    'muteAll',
    'enablePermission',
    'defaultPermission',
  ] as const) {
    if (changed[name] === group[name]) delete changed[name];
  }
  if (changed.historyBeforeJoin === group.historyBeforeJoin) delete changed.historyBeforeJoin;
  for (const name of ['applyJoinOption', 'inviteJoinOption'] as const) {
    if (changed[name] === group[name]) changed[name] = groupv1.JoinOption.UNSPECIFIED;
  }
  return changed;
}
