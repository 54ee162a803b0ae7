import { shellText } from '../app/text.ts';
import { accessText } from '../features/access/text.ts';
import { accountText } from '../features/account/text.ts';
import { auditText } from '../features/audit/text.ts';
import { bootstrapText } from '../features/bootstrap/text.ts';
import { campaignFormText } from '../features/campaigns/edit/text.ts';
import { campaignsText } from '../features/campaigns/text.ts';
import { certificatesText } from '../features/certificates/text.ts';
import { clockText } from '../features/clock/text.ts';
import { coapText } from '../features/coap/text.ts';
import { commandsText } from '../features/commands/text.ts';
import { configurationText } from '../features/configuration/text.ts';
import { connectText } from '../features/connect/text.ts';
import { connectorsText } from '../features/connectors/text.ts';
import { dashboardText } from '../features/dashboard/text.ts';
import { deviceFormText } from '../features/devices/edit/text.ts';
import { filterText } from '../features/devices/filter/text.ts';
import { interfacesText } from '../features/devices/interfaces/text.ts';
import { devicesText } from '../features/devices/text.ts';
import { fleetText } from '../features/fleet/text.ts';
import { groupsText } from '../features/groups/text.ts';
import { importText } from '../features/import/text.ts';
import { loginText } from '../features/login/text.ts';
import { loraText } from '../features/lora/text.ts';
import { messagesText } from '../features/messages/text.ts';
import { publishText } from '../features/publish/text.ts';
import { resourcesText } from '../features/resources/text.ts';
import { routingText } from '../features/routing/text.ts';
import { settingsText } from '../features/settings/text.ts';
import { answersText } from '../features/simulators/answers-text.ts';
import { smscText } from '../features/simulators/smsc-text.ts';
import { simulatorsText } from '../features/simulators/text.ts';
import { smsText } from '../features/sms/text.ts';
import { tenantsText } from '../features/tenants/text.ts';
import { twinModelsText } from '../features/twin/models/text.ts';
import { twinText } from '../features/twin/text.ts';
import { usersText } from '../features/users/text.ts';
import { mapText } from '../ui/map/text.ts';
import { commonText } from './common-text.ts';

const areas = {
  common: commonText,
  shell: shellText,
  dashboard: dashboardText,
  devices: devicesText,
  deviceForm: deviceFormText,
  interfaces: interfacesText,
  filter: filterText,
  fleet: fleetText,
  groups: groupsText,
  import: importText,
  messages: messagesText,
  publish: publishText,
  resources: resourcesText,
  routing: routingText,
  coap: coapText,
  lora: loraText,
  campaigns: campaignsText,
  campaignForm: campaignFormText,
  simulators: simulatorsText,
  answers: answersText,
  smsc: smscText,
  sms: smsText,
  audit: auditText,
  access: accessText,
  connect: connectText,
  account: accountText,
  login: loginText,
  users: usersText,
  certificates: certificatesText,
  tenants: tenantsText,
  settings: settingsText,
  clock: clockText,
  connectors: connectorsText,
  bootstrap: bootstrapText,
  twin: twinText,
  twinModels: twinModelsText,
  commands: commandsText,
  configuration: configurationText,
  map: mapText,
};

type Areas = typeof areas;
type InLanguage<Language extends 'en' | 'fr'> = { [Area in keyof Areas]: Areas[Area][Language] };

const inLanguage = <Language extends 'en' | 'fr'>(language: Language): InLanguage<Language> =>
  Object.fromEntries(
    Object.entries(areas).map(([area, texts]) => [area, texts[language]]),
  ) as InLanguage<Language>;

/** Every text of the portal by language and area. The types hold both languages to the same keys. */
export const resources = { en: inLanguage('en'), fr: inLanguage('fr') };

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common';
    resources: (typeof resources)['en'];
  }
}
