/** Data rules of the tenant. */
export const rulesUrl = '/api/v1/deviceMgt/twin/data/rules';
