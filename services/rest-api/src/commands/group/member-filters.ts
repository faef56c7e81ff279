// The filters that the two commands for members take beside their other fields.
import type { JsonObject } from '../../json/json-body.js';
import { FieldFilter } from './response-filter.js';

export interface MemberFilters {
  readonly member: FieldFilter;
  readonly custom: FieldFilter;
}

/** @throws ChatError 10004. */
export const memberFiltersOf = (body: JsonObject): MemberFilters => ({
  member: FieldFilter.of(body, 'MemberInfoFilter'),
  custom: FieldFilter.of(body, 'AppDefinedDataFilter_GroupMember'),
});
