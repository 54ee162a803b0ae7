import type { GroupJson } from '../contract/groups.ts';
import { isoTime } from '../platform/clock.ts';
import type { Group } from './types.ts';

/** The group as the API shows it (manual 8.1.1). */
export function toGroupJson(group: Group): GroupJson {
  return {
    id: group.id,
    ...(group.parentId !== undefined && { pathNode: group.pathNode, parentId: group.parentId }),
    path: group.path,
    ...(group.description !== undefined && { description: group.description }),
    created: isoTime(group.createdMs),
    updated: isoTime(group.updatedMs),
  };
}
