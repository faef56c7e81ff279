// The proto services whose methods an SDK may call. The routing table is built
// from their descriptors: a new method needs no change here, a new service one line.
import type { DescService } from '@bufbuild/protobuf';
import { authv1, followv1, groupv1, messagev1, presencev1, profilev1, relationv1 } from '@parley/proto';

export const SDK_SERVICES: readonly DescService[] = [
  authv1.AuthService,
  messagev1.MessageService,
  groupv1.GroupService,
  groupv1.PermissionGroupService,
  profilev1.ProfileService,
  followv1.FollowService,
  presencev1.PresenceService,
  relationv1.RelationService,
];
