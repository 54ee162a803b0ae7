import { z } from 'zod';
import { text } from './text.ts';

/** Id of a group: up to 6 characters; `root` is the root group (facts 5). */
export const groupId = z
  .string()
  .min(1, 'must not be empty')
  .max(6, 'must have at most 6 characters')
  .describe('Group id; root for the root group');

/** Name of a group among those of the same parent. */
export const pathNode = text(128)
  .min(1, 'must not be empty')
  .regex(/^[^/*\p{Cc}]+$/u, 'must not hold / or * or control characters')
  .refine((name) => name.trim() === name, 'must not begin or end with a space')
  .describe('Name among the groups of the same parent');

/** Body of the call that makes a group (manual 8.1.2). */
export const createGroupRequest = z.object({
  pathNode,
  parentId: groupId.nullish().describe('Parent group; the root group when not given'),
  description: text(500).nullish(),
});
export type CreateGroupRequest = z.output<typeof createGroupRequest>;

/** Body of the call that changes a group (manual 8.1.3). What is not given stays. */
export const updateGroupRequest = z.object({
  pathNode: pathNode.nullish(),
  parentId: groupId.nullish().describe('Parent group from now on'),
  description: text(500).nullish(),
});
export type UpdateGroupRequest = z.output<typeof updateGroupRequest>;

/** A group as the API shows it (manual 8.1.1). The root group has no pathNode and no parentId. */
export const groupJson = z.object({
  id: z.string(),
  pathNode: z.string().optional(),
  path: z.string(),
  parentId: z.string().optional(),
  description: z.string().optional(),
  created: z.iso.datetime(),
  updated: z.iso.datetime(),
});
export type GroupJson = z.output<typeof groupJson>;
