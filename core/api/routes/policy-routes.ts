import { z } from 'zod';
import { checkInput } from '../../contract/check-input.ts';
import { PlatformError } from '../../contract/errors.ts';
import { invalidParameter } from '../../contract/invalid-parameter.ts';
import {
  type ActionPolicyInput,
  actionPolicy,
  actionPolicyInput,
  actionsNotOffered,
  policyTriggers,
  triggersNotOffered,
} from '../../contract/routing.ts';
import type { PolicyService } from '../../routing/policy-service.ts';
import { invalidPart } from '../error-answer.ts';
import { v1WholeList } from '../paging.ts';
import { defineRoute, type Route } from '../route.ts';

const base = '/api/v1/event2action/actionPolicies';
const tag = 'Action policies';
const noPolicy = { 404: 'No such action policy' };
const policyParams = z.object({ id: z.string().min(1).max(100) });
/** Wider than what is offered, so that a trigger or action we know and do not offer gets its own answer. */
const policyBody = z
  .looseObject({ triggers: z.looseObject({}), actions: z.looseObject({}) })
  .meta({ examples: [exampleBody()] });

/**
 * Which messages go where (facts 10). A key that is limited to some FIFOs changes only policies that name no others
 * (manual 4.3).
 */
export function policyRoutes(policies: PolicyService): Route[] {
  return [
    defineRoute({
      method: 'GET',
      url: base,
      role: 'BUS_CONFIG_R',
      tag,
      summary: 'List action policies',
      query: z.object({
        triggerType: z.string().optional().describe('Only policies with this trigger'),
        showSensitiveInformation: z.string().optional(),
      }),
      response: z.array(actionPolicy),
      handler: ({ grant, query, wantsTotal }) => {
        const { triggerType } = query;
        const found = policies
          .list(grant.tenantId)
          .filter(({ triggers }) => triggerType === undefined || triggerType in triggers);
        return v1WholeList(found, wantsTotal);
      },
    }),
    defineRoute({
      method: 'POST',
      url: base,
      role: 'BUS_CONFIG_W',
      tag,
      summary: 'Create an action policy',
      description: 'The platform gives the id. FIFOs that the policy names and that are not there are made.',
      body: policyBody,
      response: actionPolicy,
      handler: ({ grant, body }) => policies.create(grant.tenantId, readPolicy(body), grant.fifos),
    }),
    defineRoute({
      method: 'GET',
      url: `${base}/:id`,
      role: 'BUS_CONFIG_R',
      tag,
      summary: 'Get an action policy',
      params: policyParams,
      response: actionPolicy,
      failures: noPolicy,
      handler: ({ grant, params }) => policies.get(grant.tenantId, params.id),
    }),
    defineRoute({
      method: 'PUT',
      url: `${base}/:id`,
      role: 'BUS_CONFIG_W',
      tag,
      summary: 'Create or replace an action policy',
      params: policyParams,
      body: policyBody,
      response: actionPolicy,
      handler: ({ grant, params, body }) => {
        const policy = readPolicy(body);
        if (policy.id !== undefined && policy.id !== params.id) {
          throw invalidParameter(
            `body id: is ${policy.id}, but the path says ${params.id}; leave it out or make them equal`,
          );
        }
        return policies.put(grant.tenantId, params.id, policy, grant.fifos);
      },
    }),
    defineRoute({
      method: 'PUT',
      url: `${base}/:id/enabled`,
      role: 'BUS_CONFIG_W',
      tag,
      summary: 'Switch an action policy on or off',
      params: policyParams,
      body: z.boolean(),
      failures: noPolicy,
      handler: async ({ grant, params, body }) => {
        await policies.setEnabled(grant.tenantId, params.id, body, grant.fifos);
      },
    }),
    defineRoute({
      method: 'DELETE',
      url: `${base}/:id`,
      role: 'BUS_CONFIG_W',
      tag,
      summary: 'Delete an action policy',
      description: 'A FIFO that no other policy names goes too, with the messages in it.',
      params: policyParams,
      failures: noPolicy,
      handler: ({ grant, params }) => policies.delete(grant.tenantId, params.id, grant.fifos),
    }),
  ];
}

/** @throws PlatformError `api.notOffered` or `api.invalidParameter` */
function readPolicy(body: z.infer<typeof policyBody>): ActionPolicyInput {
  const notOffered = [
    ...triggersNotOffered.filter((name) => name in body.triggers).map((name) => `trigger ${name}`),
    ...actionsNotOffered.filter((name) => name in body.actions).map((name) => `action ${name}`),
  ];
  if (notOffered.length > 0) {
    throw new PlatformError('api.notOffered', 'This version of Fleetbench does not offer this yet.', {
      details: `${notOffered.join(', ')}; offered are the triggers ${Object.keys(policyTriggers.shape).join(', ')}, and the action fifoPublish`,
    });
  }
  const checked = checkInput(actionPolicyInput, body);
  if (!checked.success) throw invalidPart('body', checked.error);
  return checked.data;
}

function exampleBody(): unknown {
  return {
    name: 'all MQTT data',
    enabled: true,
    triggers: { dataMessage: { version: 1, filter: { connectors: ['mqtt'] } } },
    actions: { fifoPublish: [{ fifoName: 'myFifo' }] },
  };
}
