import { z } from 'zod';

/** Types of attributes (manual 7.8.3.2). Links of LwM2M are texts. */
export const attributeTypes = [
  'STRING',
  'INTEGER',
  'UNSIGNED_INTEGER',
  'BOOLEAN',
  'FLOAT',
  'BASE64',
  'DATETIME',
] as const;

const operation = z.enum(['READ', 'WRITE', 'EXECUTE']);

const occurrences = {
  minOccurs: z.number().int().describe('0: optional, 1: mandatory'),
  maxOccurs: z.number().int().describe('0: any number, 1: one'),
};

/** A resource of an object (manual 7.8.3.2). */
export const attributeDefinition = z.object({
  pathSegment: z.string().describe('The id of the resource'),
  name: z.string(),
  description: z.string(),
  ...occurrences,
  type: z.enum(attributeTypes).optional().describe('Absent when it can only be executed'),
  operations: z.array(operation),
});
export type AttributeDefinition = z.output<typeof attributeDefinition>;

const described = {
  objectDefinitionId: z.string(),
  pathSegment: z.string().describe('The id of the object'),
  name: z.string(),
  description: z.string(),
  ...occurrences,
  type: z.enum(['OBJECT', 'OBJECT_MAP']),
  operations: z.array(operation),
  parent: z.string().optional(),
  owner: z.string().optional().describe('The tenant that imported it; absent for public ones'),
};

/** An object (manual 7.8.3.1). */
export const objectDefinition = z.object({
  ...described,
  attributes: z.array(attributeDefinition).optional(),
  children: z.array(z.object(described)).optional().describe('Only in urn:oma:lwm2m'),
});
export type ObjectDefinition = z.output<typeof objectDefinition>;

/** The id of an object definition, in any of the manual's spellings. */
export const objectDefinitionId = z
  .string()
  .max(100)
  .meta({ examples: ['urn:oma:lwm2m:oma:5:1.1'] });

/** Types of resources as LwM2M names them; NONE: can only be executed. */
export const resourceTypes = [
  'STRING',
  'INTEGER',
  'UNSIGNED_INTEGER',
  'FLOAT',
  'BOOLEAN',
  'OPAQUE',
  'TIME',
  'OBJLNK',
  'CORELNK',
  'NONE',
] as const;

/** A model with all that is known of it, for who shows values and asks for them. */
export const objectModelJson = z.object({
  objectDefinitionId: z.string(),
  objectId: z.number().int(),
  version: z.string(),
  lwm2mVersion: z.string().describe('The version of LwM2M that it was written for'),
  name: z.string(),
  description: z.string(),
  multiple: z.boolean(),
  mandatory: z.boolean(),
  owner: z.string().optional().describe('The tenant that imported it; absent for public ones'),
  resources: z.array(
    z.object({
      id: z.number().int(),
      name: z.string(),
      description: z.string(),
      type: z.enum(resourceTypes),
      multiple: z.boolean(),
      mandatory: z.boolean(),
      operations: z.array(operation).optional().describe('Absent when nobody says: the device decides'),
      range: z.string().optional().describe('Values allowed, as the definition writes it'),
      units: z.string().optional(),
    }),
  ),
});
export type ObjectModelJson = z.output<typeof objectModelJson>;
