/** A definition of an object in the XML of OMA, for tests. */
export interface ObjectXml {
  readonly id?: number | string;
  readonly version?: string;
  readonly urn?: string;
  readonly name?: string;
  /** Elements Item. */
  readonly items?: string;
}

export const itemXml = (id: number | string, name: string, operations = 'R', type = 'Integer'): string =>
  `<Item ID="${id}"><Name>${name}</Name><Operations>${operations}</Operations><MultipleInstances>Single</MultipleInstances>
    <Mandatory>Optional</Mandatory><Type>${type}</Type><RangeEnumeration>0..9</RangeEnumeration><Units>s</Units>
    <Description><![CDATA[About ${name}.]]></Description></Item>`;

export function objectXml({
  id = 33_442,
  version = '1.0',
  urn,
  name = 'Test object',
  items,
}: ObjectXml = {}): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<!-- A definition. -->
<LWM2M xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="LWM2M-v1_1.xsd">
  <Object ObjectType="MODefinition">
    <Name>${name}</Name>
    <Description1><![CDATA[This object is created by the customer.]]></Description1>
    <ObjectID>${id}</ObjectID>
    <ObjectURN>${urn ?? ''}</ObjectURN>
    <LWM2MVersion>1.1</LWM2MVersion>
    <ObjectVersion>${version}</ObjectVersion>
    <MultipleInstances>Multiple</MultipleInstances>
    <Mandatory>Optional</Mandatory>
    <Resources>${items ?? itemXml(1, 'Level') + itemXml(0, 'Reset', 'E', '')}</Resources>
    <Description2></Description2>
  </Object>
</LWM2M>
`;
}
