import { z } from 'zod';
import { roleTable } from '../contract/roles.ts';
import { errorBody } from './error-answer.ts';
import type { Route } from './route.ts';

const tick = (has: boolean): string => (has ? 'x' : '');

/** The table of manual 4.4. */
const rolesText = [
  '| Role | Admin profile | User profile | Allows |',
  '|---|---|---|---|',
  ...Object.entries(roleTable).map(
    ([role, { admin, user, allows }]) => `| ${role} | ${tick(admin)} | ${tick(user)} | ${allows} |`,
  ),
].join('\n');

/** A description of some routes in OpenAPI 3.1, made of the same schemas that check their requests. */
export function describeApi(title: string, routes: readonly Route[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const path = route.url.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: describeOperation(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title,
      version: '1',
      description: `Every operation names the role that the API key must have.\n\n${rolesText}`,
    },
    'x-roles': roleTable,
    servers: [{ url: '/' }],
    paths,
    components: {
      securitySchemes: { 'X-API-Key': { type: 'apiKey', in: 'header', name: 'X-API-Key' } },
      schemas: { Error: jsonSchema(errorBody, 'output') },
    },
  };
}

function describeOperation(route: Route): object {
  const role =
    route.role === 'public'
      ? 'None: no API key needed'
      : route.role === 'any-key'
        ? 'Any API key'
        : route.role === 'operator'
          ? 'Who runs the instance: the master key of the default tenant'
          : [route.role, route.orRole].filter(Boolean).join(' or ');
  const status = route.status ?? (route.response ? 200 : 204);
  return {
    tags: [route.tag],
    summary: route.summary,
    description: [route.description, `**Role:** ${role}`].filter(Boolean).join('\n\n'),
    operationId: `${route.method.toLowerCase()}${route.url.replace(/[^A-Za-z0-9]+(.)?/g, (_all, next: string | undefined) => next?.toUpperCase() ?? '')}`,
    security: route.role === 'public' ? [] : [{ 'X-API-Key': [] }],
    'x-role': route.role,
    parameters: [
      ...describeParameters('path', route.params),
      ...describeParameters('query', route.query),
      ...(isV1List(route) ? [totalCountHeader] : []),
    ],
    ...(route.body && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: jsonSchema(route.body, 'input') } },
      },
    }),
    ...(route.rawBody && {
      requestBody: { required: true, content: rawContent(route.formFile) },
    }),
    responses: {
      [status]: {
        description: 'Done',
        ...(route.response && {
          content: { 'application/json': { schema: jsonSchema(route.response, 'output') } },
        }),
      },
      ...Object.fromEntries(Object.entries(failuresOf(route)).map(([code, text]) => [code, failure(text)])),
    },
  };
}

/** A body that is a file, or a form with one. */
function rawContent(formFile: string | undefined): object {
  const file = { type: 'string', format: 'binary' };
  if (formFile === undefined) return { '*/*': { schema: file } };
  const schema = { type: 'object', required: [formFile], properties: { [formFile]: file } };
  return { 'multipart/form-data': { schema } };
}

function failuresOf(route: Route): Record<string, string> {
  return {
    ...((route.params || route.query || route.body) && { 400: 'Not valid' }),
    ...(route.role !== 'public' && {
      401: 'No key, or one that is not usable',
      403: 'Unknown key, or role missing',
      429: 'Too many calls with this key',
    }),
    ...route.failures,
  };
}

/** Lists of v1 answer a bare array; their total is told in a header, when it is asked for (facts 1). */
function isV1List({ method, response }: Route): boolean {
  return method === 'GET' && response instanceof z.ZodArray;
}

const totalCountHeader = {
  name: 'X-Total-Count',
  in: 'header',
  required: false,
  description: 'true: the answer tells in its header X-Total-Count how many there are in all',
  schema: { type: 'string', enum: ['true'] },
};

const failure = (description: string): object => ({
  description,
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
});

function describeParameters(place: 'path' | 'query', schema: z.ZodType | undefined): object[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = jsonSchema(schema, 'input') as {
    properties?: Record<string, { description?: string }>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description && { description }),
    schema: rest,
  }));
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    reused: 'inline',
    // The default and examples of a text that becomes something else are dropped as those of the result; ours
    // are those of the text.
    override: ({ zodSchema, jsonSchema: made }) => {
      const { default: byDefault, examples } = z.globalRegistry.get(zodSchema) ?? {};
      if (byDefault !== undefined) made.default = byDefault as never;
      if (examples !== undefined) made.examples = examples as never;
    },
  });
  return rest;
}
