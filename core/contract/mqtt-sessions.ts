import { z } from 'zod';

/** An open MQTT session: what ends when its API key, or the CA certificate behind it, is taken away. */
export const mqttSession = z.object({
  clientId: z.string(),
  username: z.string().describe('The mode that the client chose (manual 6.1)'),
  apiKeyId: z.string(),
  caCertificateId: z
    .string()
    .optional()
    .describe('The CA certificate by which the client was let in (manual 6.3.4)'),
  remoteAddress: z.string(),
  tls: z.boolean(),
});
export type MqttSessionView = z.output<typeof mqttSession>;
