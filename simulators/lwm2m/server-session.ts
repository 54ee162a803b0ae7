import { codes, methods } from '../../core/protocols/coap/codes.ts';
import type { CoapResponse } from '../../core/protocols/coap/request.ts';
import type { CoapsClient } from '../../core/protocols/coaps/coaps-client.ts';
import { encodeContent } from '../../core/protocols/lwm2m/codec.ts';
import type { Content } from '../../core/protocols/lwm2m/content.ts';
import { contentFormatNumbers } from '../../core/protocols/lwm2m/content-format.ts';
import { formatObjectLinks } from '../../core/protocols/lwm2m/object-links.ts';
import { Lwm2mPath } from '../../core/protocols/lwm2m/path.ts';
import type { Lwm2mVersion } from './answer-formats.ts';
import type { DeviceObjects } from './device-objects.ts';

/** What a registration says. */
export interface RegistrationFacts {
  readonly endpointName: string;
  readonly version: Lwm2mVersion;
  readonly lifetimeS: number;
  /** As in `U`, or `UQ` of LwM2M 1.0 with queue mode. */
  readonly binding: string;
  readonly queueMode: boolean;
}

/** A registration was not taken. */
export class RegistrationRefusedByServer extends Error {}

/** Formats that a device lists, the one it likes best first. */
const listedFormats: Readonly<Record<Lwm2mVersion, readonly number[]>> = {
  '1.0': [contentFormatNumbers.TLV, contentFormatNumbers.JSON],
  '1.1': [contentFormatNumbers.SENML_CBOR, contentFormatNumbers.SENML_JSON, contentFormatNumbers.TLV],
};

/** What a device says to its server (LwM2M Core 1.1.1, 6.2 and 6.4). */
export class ServerSession {
  readonly client: CoapsClient;
  readonly location: readonly string[];
  private toldLifetimeS: number;
  private toldBinding: string;
  private toldLinks: string;

  private constructor(
    client: CoapsClient,
    location: readonly string[],
    facts: RegistrationFacts,
    links: string,
  ) {
    this.client = client;
    this.location = location;
    this.toldLifetimeS = facts.lifetimeS;
    this.toldBinding = facts.binding;
    this.toldLinks = links;
  }

  /** @throws RegistrationRefusedByServer, CoapError */
  static async register(
    client: CoapsClient,
    facts: RegistrationFacts,
    objects: DeviceObjects,
    signal: AbortSignal,
  ): Promise<ServerSession> {
    const { endpointName, version, lifetimeS, binding, queueMode } = facts;
    const links = linksOf(objects, version);
    const query = [`ep=${endpointName}`, `lt=${lifetimeS}`, `lwm2m=${version}`, `b=${binding}`];
    // 1.0 says it in the binding.
    if (queueMode && version !== '1.0') query.push('Q');
    const payload = Buffer.from(links);
    const response = await client.request(
      { method: methods.POST, path: '/rd', query, payload, contentFormat: contentFormatNumbers.LINK },
      signal,
    );
    if (response.code !== codes.created) throw new RegistrationRefusedByServer(said('Register', response));
    return new ServerSession(client, response.locationPath, facts, links);
  }

  /** The same registration over another session; what it was told last is told again. */
  over(client: CoapsClient): ServerSession {
    const facts = { lifetimeS: this.toldLifetimeS, binding: this.toldBinding } as RegistrationFacts;
    return new ServerSession(client, this.location, facts, this.toldLinks);
  }

  /**
   * Says that it is there, and what is different.
   * @returns false when the server does not know the registration any more
   * @throws RegistrationRefusedByServer, CoapError
   */
  async update(facts: RegistrationFacts, objects: DeviceObjects, signal: AbortSignal): Promise<boolean> {
    const { lifetimeS, binding, version } = facts;
    const links = linksOf(objects, version);
    const query: string[] = [];
    if (lifetimeS !== this.toldLifetimeS) query.push(`lt=${lifetimeS}`);
    if (binding !== this.toldBinding) query.push(`b=${binding}`);
    const hasOtherLinks = links !== this.toldLinks;
    const response = await this.client.request(
      {
        method: methods.POST,
        path: this.location,
        query,
        ...(hasOtherLinks && { payload: Buffer.from(links), contentFormat: contentFormatNumbers.LINK }),
      },
      signal,
    );
    if (response.code === codes.notFound) return false;
    if (response.code !== codes.changed) throw new RegistrationRefusedByServer(said('Update', response));
    this.toldLifetimeS = lifetimeS;
    this.toldBinding = binding;
    this.toldLinks = links;
    return true;
  }

  /** @throws CoapError */
  async deregister(signal: AbortSignal): Promise<void> {
    await this.client.request({ method: methods.DELETE, path: this.location }, signal);
  }

  /** Sends values (LwM2M 1.1). @throws CoapError, Lwm2mCodecError */
  send(content: Content): Promise<CoapResponse> {
    return this.client.request({
      method: methods.POST,
      path: '/dp',
      contentFormat: contentFormatNumbers.SENML_CBOR,
      payload: encodeContent('SENML_CBOR', { ...content, empty: [] }, Lwm2mPath.root),
    });
  }
}

const linksOf = (objects: DeviceObjects, version: Lwm2mVersion): string =>
  formatObjectLinks(
    { rootPath: '/', contentFormats: listedFormats[version], objects: objects.registered() },
    version,
  );

function said(what: string, response: CoapResponse): string {
  const words = response.payloadText.slice(0, 200);
  return `the server answered ${what} with ${response.codeText}${words === '' ? '' : ` (${words})`}`;
}
