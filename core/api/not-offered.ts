export interface Operation {
  readonly method: string;
  readonly url: string;
}

/**
 * Every operation known of the compatible API, offered or not: a line of methods and path (manual 5 to 8,
 * facts 2 to 16). Looked at only when no route takes a request, so what is offered may stay in the list.
 */
const known = `
  GET POST /api/v0/apiKeys
  GET POST DELETE /api/v0/apiKeys/:id
  PUT /api/v0/apiKeys/:id/debugMode
  POST /api/v0/auth
  POST /api/v0/logout
  GET /api/v0/whoami
  GET POST /api/v0/users
  GET POST DELETE /api/v0/users/:id
  POST /api/v0/users/:id/password
  GET PUT /api/v0/users/me/portaldata
  POST /api/v0/resetpwd
  POST /api/v0/setpwd
  POST /api/v0/updateEmail
  DELETE /api/v0/cookies
  GET /api/v0/tenants/me
  GET POST /api/v0/certificates/ca
  GET DELETE /api/v0/certificates/ca/:id
  GET POST /api/v1/oauth2/authorize
  POST /api/v1/oauth2/token
  GET PUT PATCH /api/v2/user/profile
  GET /api/v2/user/accesses

  GET POST /api/v1/deviceMgt/devices
  GET PATCH DELETE /api/v1/deviceMgt/devices/:deviceId
  GET /api/v1/deviceMgt/devices/:deviceId/data/streams
  GET POST /api/v1/deviceMgt/devices/:deviceId/interfaces
  GET PATCH DELETE /api/v1/deviceMgt/devices/:deviceId/interfaces/:interfaceId
  GET POST DELETE /api/v1/deviceMgt/devices/:deviceId/interfaces/:interfaceId/debug
  GET POST /api/v1/deviceMgt/devices/:deviceId/commands
  GET DELETE /api/v1/deviceMgt/commands/:id
  GET PUT /api/v1/deviceMgt/commands/:id/status
  GET POST /api/v1/deviceMgt/devices/:deviceId/config
  GET /api/v1/deviceMgt/devices/:deviceId/config/parameters
  GET DELETE /api/v1/deviceMgt/devices/:deviceId/config/parameters/:key
  PUT /api/v1/deviceMgt/devices/:deviceId/config/parameters/:key/status
  GET /api/v1/deviceMgt/devices/:deviceId/resources
  GET /api/v1/deviceMgt/devices/:deviceId/resources/updates
  POST /api/v1/deviceMgt/devices/:deviceId/resources/updates/:updateId/status
  GET POST /api/v1/deviceMgt/devices/:deviceId/resources/:resourceId
  POST /api/v1/deviceMgt/devices/:deviceId/resources/:resourceId/updates
  GET /api/v1/deviceMgt/devices/:deviceId/resources/:resourceId/updates/latest
  DELETE /api/v1/deviceMgt/devices/:deviceId/resources/:resourceId/requested
  GET POST /api/v1/deviceMgt/groups
  GET PUT DELETE /api/v1/deviceMgt/groups/:id
  POST /api/v1/deviceMgt/explorer/search
  POST /api/v1/deviceMgt/explorer/stats
  GET /api/v1/deviceMgt/connectors/:connector/nodes
  GET PATCH DELETE /api/v1/deviceMgt/connectors/:connector/nodes/:nodeId
  GET /api/v1/deviceMgt/connectors/lora/profiles/manufacturers
  GET /api/v1/deviceMgt/connectors/lora/profiles/details

  GET POST /api/v1/deviceMgt/twin/model/object-definitions
  GET DELETE /api/v1/deviceMgt/twin/model/object-definitions/:id
  GET POST /api/v1/deviceMgt/twin/data/rules
  GET PUT DELETE /api/v1/deviceMgt/twin/data/rules/:id
  GET /api/v1/deviceMgt/devices/:deviceId/twin/supported-objects
  GET /api/v1/deviceMgt/devices/:deviceId/twin/objects
  GET /api/v1/deviceMgt/devices/:deviceId/twin/objects/:objectId
  GET /api/v1/deviceMgt/devices/:deviceId/twin/objects/:objectId/:instanceId
  GET POST /api/v1/deviceMgt/devices/:deviceId/twin/operations
  GET DELETE /api/v1/deviceMgt/devices/:deviceId/twin/operations/:id
  PUT /api/v1/deviceMgt/devices/:deviceId/twin/operations/:id/status
  GET POST DELETE /api/v1/deviceMgt/devices/:deviceId/twin/observations
  GET DELETE /api/v1/deviceMgt/devices/:deviceId/twin/observations/:id
  GET POST /api/v1/bootstrap/lwm2m/configs
  GET PUT DELETE /api/v1/bootstrap/lwm2m/configs/:id
  GET POST /api/v1/bootstrap/lwm2m/entries
  GET PUT DELETE /api/v1/bootstrap/lwm2m/entries/:endpointName
  PUT /api/v1/bootstrap/lwm2m/entries/:endpointName/definition/bootstrapConfigId

  GET POST /api/v0/deviceMgt/campaigns
  GET PATCH DELETE /api/v0/deviceMgt/campaigns/:id
  PUT /api/v0/deviceMgt/campaigns/:id/cancel
  GET /api/v0/deviceMgt/campaigns/:id/targets
  GET POST /api/v0/rm
  GET /api/v0/rm/connectors
  GET /api/v0/rm/connectors/:connector/metadata
  GET PUT DELETE /api/v0/rm/:resourceId
  GET POST /api/v0/rm/:resourceId/version
  GET PUT DELETE /api/v0/rm/:resourceId/version/:versionId
  GET /api/v0/rm/:resourceId/compatibleVersion/:currentVersion

  GET POST /api/v0/data/streams/:streamId
  POST /api/v0/data/bulk
  POST /api/v0/data/search
  POST /api/v0/data/search/hits
  POST /api/v1/data/search
  POST /api/v1/data/search/hits
  GET /api/v0/decoders
  GET /api/v0/decoders/public
  GET POST /api/v0/decoders/binary
  POST /api/v0/decoders/binary/test
  GET PUT DELETE /api/v0/decoders/binary/:id
  PUT /api/v0/decoders/binary/:id/enabled
  GET POST /api/v0/decoders/csv
  POST /api/v0/decoders/csv/test
  GET PUT DELETE /api/v0/decoders/csv/:id
  PUT /api/v0/decoders/csv/:id/enabled
  GET POST /api/v0/pipelines
  GET PUT DELETE /api/v0/pipelines/:id

  GET POST /api/v1/event2action/actionPolicies
  GET PUT DELETE /api/v1/event2action/actionPolicies/:id
  PUT /api/v1/event2action/actionPolicies/:id/enabled
  GET /api/v1/event2action/fifos
  GET /api/v1/event2action/fifos/:name
  GET /api/v1/event2action/diagnostics/actionPolicies
  GET /api/v1/event2action/diagnostics/actionPolicies/:id
  GET /api/v1/event2action/diagnostics/actionPolicies/:id/actions/:actionId
  PUT /api/v1/event2action/diagnostics/actionPolicies/:id/actions/:actionId/suspended
  GET /api/v1/event2action/metrics/actionPolicies/:id/actions/:actionId
  POST /api/v1/event2action/test/http-push
  POST /api/v1/event2action/test/fifo
  GET POST /api/v0/topics/fifo
  GET POST DELETE /api/v0/topics/fifo/:name
  GET POST /api/v0/bindings
  GET DELETE /api/v0/bindings/:id

  GET POST /api/v0/eventprocessing/matching-rule
  POST /api/v0/eventprocessing/matching-rule/test
  GET PUT DELETE /api/v0/eventprocessing/matching-rule/:id
  GET POST /api/v0/eventprocessing/firing-rule
  GET PUT DELETE /api/v0/eventprocessing/firing-rule/:id
  POST /api/v0/eventprocessing/firing-guard/search
  GET DELETE /api/v0/eventprocessing/firing-guard/:id
  GET POST /api/v0/eventprocessing/stateprocessing-rule
  POST /api/v0/eventprocessing/stateprocessing-rule/test
  GET PUT DELETE /api/v0/eventprocessing/stateprocessing-rule/:id
  GET POST /api/v0/eventprocessing/activity/rules
  GET PUT DELETE /api/v0/eventprocessing/activity/rules/:id
  GET /api/v0/eventprocessing/activity/states
  POST PUT /api/v0/eventprocessing/activity/states/mute
  GET DELETE /api/v0/eventprocessing/context
  GET PUT DELETE /api/v0/eventprocessing/context/:key
  GET /api/v0/eventprocessing/geozones
  GET PUT DELETE /api/v0/eventprocessing/geozones/:zoneId
  GET /api/v0/auditlog/messages
  POST /api/v0/contact
`;

export const notOfferedOperations: readonly Operation[] = known.split('\n').flatMap((line) => {
  const words = line.trim().split(' ');
  const url = words.pop() ?? '';
  return words.map((method) => ({ method, url }));
});
