/**
 * Every failure that a caller can meet, by area and reason, with its HTTP status and the error code of the
 * compatible API (manual 5.3 to 8.3; codes of the form GENERIC_… and DM_…).
 */
export const errorTable = {
  'api.invalidParameter': { status: 400, apiCode: 'GENERIC_INVALID_PARAMETER_ERROR' },
  'api.notFound': { status: 404, apiCode: 'GENERIC_NOT_FOUND_ERROR' },
  'api.methodNotAllowed': { status: 405, apiCode: 'GENERIC_METHOD_NOT_ALLOWED_ERROR' },
  'api.unsupportedMediaType': { status: 415, apiCode: 'GENERIC_UNSUPPORTED_MEDIA_TYPE_ERROR' },
  'api.bodyTooLarge': { status: 413, apiCode: 'GENERIC_PAYLOAD_TOO_LARGE_ERROR' },
  'api.requestTimeout': { status: 408, apiCode: 'GENERIC_REQUEST_TIMEOUT_ERROR' },
  'api.headersTooLarge': { status: 431, apiCode: 'GENERIC_HEADERS_TOO_LARGE_ERROR' },
  'api.notOffered': { status: 501, apiCode: 'GENERIC_NOT_IMPLEMENTED_ERROR' },
  'api.internal': { status: 500, apiCode: 'GENERIC_INTERNAL_ERROR' },
  'access.unauthorized': { status: 401, apiCode: 'UNAUTHORIZED' },
  'access.unknownKey': { status: 403, apiCode: 'FORBIDDEN' },
  'access.forbidden': { status: 403, apiCode: 'GENERIC_ACTION_FORBIDDEN_ERROR' },
  'accounts.keyNotFound': { status: 404, apiCode: 'API_KEY_NOT_FOUND' },
  'access.rateLimit': { status: 429, apiCode: 'GENERIC_TOO_MANY_REQUESTS_ERROR' },
  'access.credentials': { status: 401, apiCode: 'UNAUTHORIZED' },
  'accounts.notASession': { status: 400, apiCode: 'GENERIC_INVALID_PARAMETER_ERROR' },
  'accounts.userNotFound': { status: 404, apiCode: 'USER_NOT_FOUND' },
  'accounts.userDuplicate': { status: 409, apiCode: 'USER_DUPLICATE' },
  'accounts.userLocked': { status: 403, apiCode: 'USER_LOCKED' },
  'accounts.userDisabled': { status: 403, apiCode: 'USER_DISABLED' },
  'accounts.tenantNotFound': { status: 404, apiCode: 'TENANT_NOT_FOUND' },
  'accounts.tenantDuplicate': { status: 409, apiCode: 'TENANT_DUPLICATE' },
  'accounts.masterKey': { status: 403, apiCode: 'GENERIC_ACTION_FORBIDDEN_ERROR' },
  'accounts.caNotFound': { status: 404, apiCode: 'CA_CERTIFICATE_NOT_FOUND' },
  'accounts.caDuplicate': { status: 409, apiCode: 'CA_CERTIFICATE_DUPLICATE' },
  'inventory.deviceNotFound': { status: 404, apiCode: 'DM_DEVICE_NOT_FOUND' },
  'inventory.deviceDuplicate': { status: 409, apiCode: 'DM_DEVICE_DUPLICATE' },
  'inventory.interfaceNotFound': { status: 404, apiCode: 'DM_INTERFACE_NOT_FOUND' },
  'inventory.debugOff': { status: 404, apiCode: 'GENERIC_NOT_FOUND_ERROR' },
  'inventory.interfaceDuplicate': { status: 409, apiCode: 'DM_INTERFACE_DUPLICATE' },
  'inventory.interfaceRefused': { status: 403, apiCode: 'GENERIC_ACTION_FORBIDDEN_ERROR' },
  'inventory.connectorUnavailable': { status: 404, apiCode: 'DM_CONNECTOR_UNAVAILABLE' },
  'inventory.groupNotFound': { status: 404, apiCode: 'DM_GROUP_NOT_FOUND' },
  'inventory.groupUndeletable': { status: 403, apiCode: 'DM_GROUP_UNDELETABLE' },
  'inventory.groupFixed': { status: 403, apiCode: 'GENERIC_ACTION_FORBIDDEN_ERROR' },
  'inventory.groupDuplicate': { status: 409, apiCode: 'DM_GROUP_DUPLICATE' },
  'inventory.importNotFound': { status: 404, apiCode: 'IMPORT_NOT_FOUND' },
  'inventory.importDuplicate': { status: 409, apiCode: 'IMPORT_DUPLICATE' },
  'inventory.importRunning': { status: 409, apiCode: 'IMPORT_RUNNING' },
  'inventory.importsBusy': { status: 429, apiCode: 'IMPORT_LIMIT_REACHED' },
  'commands.notFound': { status: 404, apiCode: 'DM_COMMAND_NOT_FOUND' },
  'commands.queueFull': { status: 403, apiCode: 'DM_COMMAND_QUEUE_FULL' },
  'commands.wrongState': { status: 409, apiCode: 'DM_COMMAND_INVALID_STATUS' },
  'configuration.parameterNotFound': { status: 404, apiCode: 'DM_DEVICE_CONFIG_PARAM_NOT_FOUND' },
  'configuration.wrongState': { status: 409, apiCode: 'DM_DEVICE_CONFIG_PARAM_INVALID_STATUS' },
  'campaigns.notFound': { status: 404, apiCode: 'DM_CAMPAIGN_NOT_FOUND' },
  'campaigns.wrongState': { status: 409, apiCode: 'DM_CAMPAIGN_INVALID_STATUS' },
  'resources.notFound': { status: 404, apiCode: 'RM_RESOURCE_NOT_FOUND' },
  'resources.duplicate': { status: 409, apiCode: 'RM_RESOURCE_DUPLICATE' },
  'resources.versionNotFound': { status: 404, apiCode: 'RM_VERSION_NOT_FOUND' },
  'resources.versionDuplicate': { status: 409, apiCode: 'RM_VERSION_DUPLICATE' },
  'resources.inUse': { status: 409, apiCode: 'RM_VERSION_IN_USE' },
  'resources.limit': { status: 403, apiCode: 'RM_LIMIT_REACHED' },
  'resources.contentMissing': { status: 500, apiCode: 'RM_CONTENT_MISSING' },
  'resources.incompatible': { status: 409, apiCode: 'RM_VERSION_NOT_COMPATIBLE' },
  'resources.noEndpoint': { status: 409, apiCode: 'RM_DOWNLOAD_UNAVAILABLE' },
  'resources.linkNotFound': { status: 404, apiCode: 'RM_LINK_NOT_FOUND' },
  'resources.linkExpired': { status: 410, apiCode: 'RM_LINK_EXPIRED' },
  'resources.linkBusy': { status: 429, apiCode: 'RM_LINK_BUSY' },
  'resources.range': { status: 416, apiCode: 'RM_RANGE_NOT_SATISFIABLE' },
  'resources.deviceResourceNotFound': { status: 404, apiCode: 'DM_DEVICE_RESOURCE_NOT_FOUND' },
  'resources.updateNotFound': { status: 404, apiCode: 'DM_DEVICE_RESOURCE_UPDATE_NOT_FOUND' },
  'resources.updateRunning': { status: 409, apiCode: 'DM_DEVICE_RESOURCE_UPDATE_IN_PROGRESS' },
  'resources.wrongState': { status: 409, apiCode: 'DM_DEVICE_RESOURCE_UPDATE_INVALID_STATUS' },
  'resources.queueFull': { status: 403, apiCode: 'DM_DEVICE_RESOURCE_UPDATE_QUEUE_FULL' },
  'bootstrap.configNotFound': { status: 404, apiCode: 'BOOTSTRAP_CONFIG_NOT_FOUND' },
  'bootstrap.configInUse': { status: 409, apiCode: 'BOOTSTRAP_CONFIG_IN_USE' },
  'bootstrap.entryNotFound': { status: 404, apiCode: 'BOOTSTRAP_ENTRY_NOT_FOUND' },
  'bootstrap.entryDuplicate': { status: 409, apiCode: 'BOOTSTRAP_ENTRY_DUPLICATE' },
  'bootstrap.identityDuplicate': { status: 409, apiCode: 'BOOTSTRAP_PSK_IDENTITY_DUPLICATE' },
  'bootstrap.limit': { status: 403, apiCode: 'BOOTSTRAP_LIMIT_REACHED' },
  'twin.modelNotFound': { status: 404, apiCode: 'TWIN_OBJECT_DEFINITION_NOT_FOUND' },
  'twin.modelDuplicate': { status: 409, apiCode: 'TWIN_OBJECT_DEFINITION_DUPLICATE' },
  'twin.modelPublic': { status: 403, apiCode: 'GENERIC_ACTION_FORBIDDEN_ERROR' },
  'twin.modelLimit': { status: 403, apiCode: 'TWIN_LIMIT_REACHED' },
  'twin.notFound': { status: 404, apiCode: 'DM_TWIN_NOT_FOUND' },
  'twin.objectNotFound': { status: 404, apiCode: 'DM_TWIN_OBJECT_NOT_FOUND' },
  'twin.operationNotFound': { status: 404, apiCode: 'DM_TWIN_OPERATION_NOT_FOUND' },
  'twin.operationLimit': { status: 403, apiCode: 'DM_TWIN_OPERATION_LIMIT_REACHED' },
  'twin.wrongState': { status: 409, apiCode: 'DM_TWIN_OPERATION_INVALID_STATUS' },
  'twin.observationNotFound': { status: 404, apiCode: 'DM_TWIN_OBSERVATION_NOT_FOUND' },
  'twin.observationLimit': { status: 403, apiCode: 'DM_TWIN_OBSERVATION_LIMIT_REACHED' },
  'twin.dataRuleNotFound': { status: 404, apiCode: 'DM_TWIN_DATA_RULE_NOT_FOUND' },
  'twin.dataRuleLimit': { status: 403, apiCode: 'DM_TWIN_DATA_RULE_LIMIT_REACHED' },
  'lora.gatewayNotFound': { status: 404, apiCode: 'LORA_GATEWAY_NOT_FOUND' },
  'lora.gatewayDuplicate': { status: 409, apiCode: 'LORA_GATEWAY_DUPLICATE' },
  'lora.gatewayLimit': { status: 403, apiCode: 'LORA_LIMIT_REACHED' },
  'data.invalidMessage': { status: 400, apiCode: 'GENERIC_INVALID_PARAMETER_ERROR' },
  'data.messageNotFound': { status: 404, apiCode: 'GENERIC_NOT_FOUND_ERROR' },
  'routing.policyNotFound': { status: 404, apiCode: 'ACTION_POLICY_NOT_FOUND' },
  'routing.fifoNotFound': { status: 404, apiCode: 'FIFO_NOT_FOUND' },
  'routing.fifoDuplicate': { status: 409, apiCode: 'FIFO_DUPLICATE' },
  'routing.fifoInUse': { status: 409, apiCode: 'FIFO_IN_USE' },
  'simulators.fleetNotFound': { status: 404, apiCode: 'SIMULATOR_NOT_FOUND' },
  'simulators.deviceNotFound': { status: 404, apiCode: 'SIMULATOR_DEVICE_NOT_FOUND' },
  'simulators.duplicate': { status: 409, apiCode: 'SIMULATOR_DUPLICATE' },
  'simulators.wrongState': { status: 409, apiCode: 'SIMULATOR_WRONG_STATE' },
  'simulators.notAcknowledged': { status: 504, apiCode: 'SIMULATOR_NOT_ACKNOWLEDGED' },
  'simulators.failed': { status: 500, apiCode: 'SIMULATOR_FAILED' },
  'store.full': { status: 507, apiCode: 'STORE_FULL' },
  'store.unavailable': { status: 503, apiCode: 'STORE_UNAVAILABLE' },
  'store.damaged': { status: 500, apiCode: 'STORE_DAMAGED' },
  'store.locked': { status: 500, apiCode: 'STORE_LOCKED' },
  'platform.listen': { status: 500, apiCode: 'LISTEN_FAILED' },
  'platform.setting': { status: 500, apiCode: 'INVALID_SETTING' },
} as const;

export type ErrorCode = keyof typeof errorTable;

/** Base of every error that the platform raises on purpose: a code to act on, and text a person can act on. */
export class PlatformError extends Error {
  readonly code: ErrorCode;
  /** What exactly was wrong and where, for the `details` field of an error answer. */
  readonly details: string | undefined;
  /** When it is worth to try again, for the header `Retry-After`; undefined: nobody knows. */
  readonly retryAfterMs: number | undefined;
  /** Further header fields of an answer over HTTP. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ErrorCode,
    message: string,
    options: {
      details?: string | undefined;
      cause?: unknown;
      retryAfterMs?: number;
      headers?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.details = options.details;
    this.retryAfterMs = options.retryAfterMs;
    this.headers = options.headers ?? {};
  }
}
