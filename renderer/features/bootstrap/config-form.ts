import type { BootstrapConfigJson } from '../../../core/contract/bootstrap/configs.ts';

/** How a field of the Security or Server object is written. A list is of numbers. */
type FieldKind = 'number' | 'text' | 'flag' | 'list';

/** Fields of the Security object beyond those that are always shown. */
export const securityFields = {
  serverPublicKey: 'text',
  certificateUsage: 'number',
  sni: 'text',
  matchingType: 'number',
  dtlsTlsCiphersuite: 'list',
  smsSecurityMode: 'number',
  lwm2mServerSmsNumber: 'text',
  clientHoldOffTime: 'number',
  bootstrapServerAccountTimeout: 'number',
} as const satisfies Readonly<Record<string, FieldKind>>;

/** Fields of the Server object beyond those that are always shown. */
export const serverFields = {
  defaultMinimumPeriod: 'number',
  defaultMaximumPeriod: 'number',
  disableTimeout: 'number',
  notificationStoringWhenDisabledOrOffline: 'flag',
  apnLink: 'number',
  registrationPriorityOrder: 'number',
  initialRegistrationDelayTimer: 'number',
  registrationFailureBlock: 'flag',
  bootstrapOnRegistrationFailure: 'flag',
  communicationRetryCount: 'number',
  communicationRetryTimer: 'number',
  communicationSequenceDelayTimer: 'number',
  communicationSequenceRetryCount: 'number',
  trigger: 'flag',
  preferredTransport: 'text',
  muteSend: 'flag',
} as const satisfies Readonly<Record<string, FieldKind>>;

export type SecurityField = keyof typeof securityFields;
export type ServerField = keyof typeof serverFields;
/** Texts of fields by their names; a flag is `true` or `false`. What is empty is left out. */
export type FieldTexts = Readonly<Record<string, string>>;

/** A run server as the form holds it. */
export interface RunServerForm {
  readonly id: string;
  /** It is this platform. */
  readonly own: boolean;
  readonly renew: boolean;
  readonly uri: string;
  readonly mode: string;
  readonly shortServerId: string;
  readonly lifetime: string;
  readonly binding: string;
  readonly securityInstance: string;
  readonly serverInstance: string;
  readonly security: FieldTexts;
  readonly server: FieldTexts;
}

export interface ConfigForm {
  readonly name: string;
  readonly description: string;
  readonly runServers: readonly RunServerForm[];
}

/** What a further run server begins with. @param number from 1 */
export const newRunServer = (number: number, own: boolean): RunServerForm => ({
  ...{ id: own ? 'LOServer' : `server-${number}`, own, renew: false, uri: '', mode: '0' },
  ...{ shortServerId: String(number), lifetime: '300', binding: 'U' },
  ...{ securityInstance: '', serverInstance: '', security: {}, server: {} },
});

export const newConfig: ConfigForm = { name: '', description: '', runServers: [newRunServer(1, true)] };

/** What is no number is left as it is, for the check of the API to name it. */
const numberOf = (text: string): number | string | undefined => {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  return Number.isNaN(Number(trimmed)) ? trimmed : Number(trimmed);
};

function parsed(kind: FieldKind, text: string): unknown {
  switch (kind) {
    case 'number':
      return numberOf(text);
    case 'flag':
      return text === '' ? undefined : text === 'true';
    case 'list': {
      const numbers = text.split(/[\s,]+/).filter((each) => each !== '');
      return numbers.length > 1 ? numbers.map(numberOf) : numberOf(text);
    }
    case 'text':
      return text === '' ? undefined : text;
  }
}

const valuesOf = (fields: Readonly<Record<string, FieldKind>>, texts: FieldTexts): Record<string, unknown> =>
  withoutEmpty(
    Object.fromEntries(Object.entries(fields).map(([name, kind]) => [name, parsed(kind, texts[name] ?? '')])),
  );

const withoutEmpty = (values: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

const settingsOf = (instance: string) =>
  instance.trim() === '' ? {} : { settings: { objectInstanceId: numberOf(instance) } };

/** The body of the call; what is left empty is left out. */
export const toConfigRequest = ({ name, description, runServers }: ConfigForm) => ({
  name,
  ...(description !== '' && { description }),
  runServers: runServers.map((form) => {
    const shortServerId = numberOf(form.shortServerId);
    const { own } = form;
    return {
      ...{ id: form.id, useLiveObjects: own },
      ...(own && form.renew && { renewSecurityOnBootstrap: true }),
      lwm2mDefinition: {
        security: {
          ...settingsOf(form.securityInstance),
          ...(!own && { lwm2mServerUri: form.uri, securityMode: numberOf(form.mode) }),
          ...withoutEmpty({ shortServerId }),
          ...valuesOf(securityFields, form.security),
        },
        server: {
          ...settingsOf(form.serverInstance),
          ...withoutEmpty({ shortServerId, lifetime: numberOf(form.lifetime) }),
          ...(form.binding !== '' && { binding: form.binding }),
          ...valuesOf(serverFields, form.server),
        },
      },
    };
  }),
});

const textOf = (value: unknown): string =>
  value === undefined ? '' : Array.isArray(value) ? value.join(', ') : String(value);

const textsOf = (fields: object, values: object): FieldTexts =>
  Object.fromEntries(
    Object.keys(fields).map((name) => [name, textOf((values as Readonly<Record<string, unknown>>)[name])]),
  );

/** The form of a configuration that there is. */
export const formOfConfig = ({ name, description = '', runServers }: BootstrapConfigJson): ConfigForm => ({
  ...{ name, description },
  runServers: runServers.map(({ id, useLiveObjects, renewSecurityOnBootstrap, lwm2mDefinition }) => {
    const { security, server } = lwm2mDefinition;
    return {
      ...{ id, own: useLiveObjects, renew: renewSecurityOnBootstrap === true },
      ...{ uri: security.lwm2mServerUri ?? '', mode: textOf(security.securityMode ?? 0) },
      ...{ shortServerId: textOf(security.shortServerId), lifetime: textOf(server.lifetime) },
      binding: server.binding ?? '',
      securityInstance: textOf(security.settings?.objectInstanceId),
      serverInstance: textOf(server.settings?.objectInstanceId),
      security: textsOf(securityFields, security),
      server: textsOf(serverFields, server),
    };
  }),
});
