// The matrix of rights as the specification has it (rest-groups.md 1.2, client-features.md 10.1), written down once
// more and apart from the policy rows: who may what, under each type's default options.
import { ErrorCode } from '@parley/kernel';

/** Columns of a cell row: stranger, member, admin, owner, app admin. */
export const COLUMNS = ['S', 'M', 'A', 'O', 'X'] as const;
export type Column = (typeof COLUMNS)[number];

/** A letter of a cell row. `-`: the type has nobody in this role. */
const CODES: Readonly<Record<string, number | undefined>> = {
  y: 0,
  n: ErrorCode.GROUP_NO_PERMISSION,
  // 10009
  o: ErrorCode.GROUP_OWNER_MUST_STAY,
  // 10004
  p: ErrorCode.GROUP_BAD_PARAMETER,
  '-': undefined,
};

const TYPES = ['Private', 'Public', 'ChatRoom', 'AVChatRoom', 'Community'] as const;

/** One row an operation; five groups of five letters: Work, Public, Meeting, AVChatRoom, Community. */
const ROWS: Readonly<Record<string, string>> = {
  readInfo: 'ny-yy yyyyy yyyyy yy-yy yyyyy',
  readMembers: 'ny-yy nyyyy nyyyy nn-nn nyyyy',
  modifyProfile: 'ny-yy nnyyy nnyyy nn-yy nnyyy',
  modifyOptions: 'nn-yy nnyyy nnyyy nn-yy nnyyy',
  muteAll: 'nn-yy nnyyy nnyyy nn-yy nnyyy',
  destroy: 'nn-ny nnnyy nnnyy nn-yy nnnyy',
  transfer: 'nn-yy nnnyy nnnyy nn-nn nnnyy',
  appointAdmin: 'nn-nn nnnyy nnnyy nn-nn nnnyy',
  join: 'ny-y- yyyy- yyyy- yy-y- yyyy-',
  invite: 'ny-yy nnnny nnnny nn-nn nyyyy',
  quit: 'ny-y- nyyo- nyyo- yy-o- nyyo-',
  kickMember: 'nn-yy nnyyy nnyyy nn-np nnyyy',
  kickAdmin: '----- nnnyy nnnyy ----- nnnyy',
  kickOwner: 'nn-nn nnnnn nnnnn nn-np nnnnn',
  muteMember: 'nn-nn nnyyy nnyyy nn-yy nnyyy',
  muteAdmin: '----- nnnyy nnnyy ----- nnnyy',
  muteOwner: 'nn-nn nnnnn nnnnn nn-nn nnnnn',
  banMember: 'nn-yy nnyyy nnyyy nn-yy nnyyy',
  banAdmin: '----- nnnyy nnnyy ----- nnnyy',
  banOwner: 'nn-nn nnnnn nnnnn nn-nn nnnnn',
  modifySelf: 'ny-y- nyyy- nyyy- nn-n- nyyy-',
  modifyMember: 'nn-yy nnyyy nnyyy nn-nn nnyyy',
  readAttributes: 'ny-yy nyyyy nyyyy yy-yy nyyyy',
  changeAttributes: 'ny-yy nyyyy nyyyy yy-yy nyyyy',
  readCounters: 'ny-yy nyyyy nyyyy yy-yy nnnnn',
  changeCounters: 'ny-yy nyyyy nyyyy yy-yy nnnnn',
  readPins: 'ny-yy nyyyy nyyyy nn-nn nyyyy',
  changePins: 'nn-yy nnyyy nnyyy nn-nn nnyyy',
  countOnline: 'ny-yy nyyyy nyyyy yy-yy nyyyy',
  importMembers: 'nn-ny nnnny nnnny nn-nn nnnny',
};

export interface Cell {
  readonly type: string;
  readonly role: Column;
  readonly operation: string;
  /** 0: allowed. */
  readonly code: number;
}

export const CELLS: readonly Cell[] = Object.entries(ROWS).flatMap(([operation, row]) =>
  row.split(' ').flatMap((letters, type) =>
    [...letters].flatMap((letter, column) => {
      const code = CODES[letter];
      const role = COLUMNS[column] as Column;
      return code === undefined ? [] : [{ type: TYPES[type] as string, role, operation, code }];
    }),
  ),
);
