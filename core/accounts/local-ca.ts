import 'reflect-metadata';
import { createPrivateKey, X509Certificate as NodeCertificate, webcrypto } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type JsonGeneralName,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { PlatformError } from '../contract/errors.ts';
import type { Clock } from '../platform/clock.ts';
import type { Files } from '../platform/files.ts';
import { type RandomSource, randomHex } from '../platform/random.ts';
import type { TlsIdentity } from '../platform/sockets.ts';

cryptoProvider.set(webcrypto as typeof globalThis.crypto);

/** RSA, because half of the cipher suites of the manual (6.2) need it, and old clients know nothing else. */
const algorithm = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  publicExponent: new Uint8Array([1, 0, 1]),
  modulusLength: 2048,
};
const dayMs = 24 * 60 * 60 * 1000;
const caLifetimeMs = 3650 * dayMs;
/** The longest that browsers and phones accept. */
const serverLifetimeMs = 397 * dayMs;
/** A server certificate that would end sooner is made anew at start. */
const renewBeforeMs = 30 * dayMs;

export interface LocalTls {
  /** What a client must trust. */
  readonly caCertificatePem: string;
  readonly server: TlsIdentity;
}

interface Authority {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

/** Where keys and certificates are kept; without it they live as long as the process. */
export interface CaStorage {
  readonly files: Files;
  readonly folder: string;
}

/**
 * The certificates of this installation: an authority of its own, made at the first start, and a server
 * certificate for `hosts` signed by it, made again when it is about to end or a host is new.
 * @throws PlatformError `platform.setting` when what is kept cannot be read.
 */
export async function loadLocalTls(parts: {
  readonly storage: CaStorage | undefined;
  readonly hosts: readonly string[];
  readonly clock: Clock;
  readonly random: RandomSource;
}): Promise<LocalTls> {
  const { storage, hosts } = parts;
  const nowMs = parts.clock.now();
  const keptCa = await readPair(storage, 'ca');
  const authority = keptCa ?? (await makeAuthority(nowMs, parts.random));
  if (!keptCa) await writePair(storage, 'ca', authority);
  const keptServer = keptCa && (await readPair(storage, 'server'));
  if (keptServer && stillGood(keptServer, authority, hosts, nowMs)) {
    return { caCertificatePem: authority.certificatePem, server: keptServer };
  }
  const server = await makeServer(authority, hosts, nowMs, parts.random);
  await writePair(storage, 'server', server);
  return { caCertificatePem: authority.certificatePem, server };
}

async function makeAuthority(nowMs: number, random: RandomSource): Promise<Authority> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(random),
    name: 'CN=Fleetbench local CA',
    notBefore: new Date(nowMs - dayMs),
    notAfter: new Date(nowMs + caLifetimeMs),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificatePem: certificate.toString('pem'), privateKeyPem: await exportKey(keys.privateKey) };
}

async function makeServer(
  authority: Authority,
  hosts: readonly string[],
  nowMs: number,
  random: RandomSource,
): Promise<TlsIdentity> {
  const issuer = new X509Certificate(authority.certificatePem);
  const signingKey = await webcrypto.subtle.importKey(
    'pkcs8',
    PemConverter.decodeFirst(authority.privateKeyPem),
    algorithm,
    false,
    ['sign'],
  );
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serialNumber(random),
    subject: 'CN=localhost,O=Fleetbench',
    issuer: issuer.subject,
    notBefore: new Date(nowMs - dayMs),
    notAfter: new Date(nowMs + serverLifetimeMs),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(hosts.map(toGeneralName)),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      // RFC 5280, 4.2.1.1; clients that check strictly, as Python 3.13 does, demand it.
      await AuthorityKeyIdentifierExtension.create(issuer),
    ],
  });
  return { certificatePem: certificate.toString('pem'), privateKeyPem: await exportKey(keys.privateKey) };
}

function stillGood(
  kept: TlsIdentity,
  authority: Authority,
  hosts: readonly string[],
  nowMs: number,
): boolean {
  const certificate = new X509Certificate(kept.certificatePem);
  const issuer = new X509Certificate(authority.certificatePem);
  const names = certificate.getExtension(SubjectAlternativeNameExtension)?.names.toJSON() ?? [];
  const covered = new Set(names.map(({ value }) => value));
  return (
    certificate.notAfter.getTime() - nowMs > renewBeforeMs &&
    certificate.issuer === issuer.subject &&
    hosts.every((host) => covered.has(host))
  );
}

function toGeneralName(host: string): JsonGeneralName {
  const isIpAddress = host.includes(':') || /^\d+(\.\d+){3}$/.test(host);
  return isIpAddress ? { type: 'ip', value: host } : { type: 'dns', value: host };
}

/** Positive, and not the same twice: some clients refuse two certificates with one serial number. */
function serialNumber(random: RandomSource): string {
  return `01${randomHex(random, 8)}`;
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  return PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}

async function readPair(storage: CaStorage | undefined, name: string): Promise<Authority | undefined> {
  if (!storage) return undefined;
  const certificate = await storage.files.read(pathOf(storage, `${name}.pem`));
  const key = await storage.files.read(pathOf(storage, `${name}.key`));
  if (!certificate || !key) return undefined;
  const pair = {
    certificatePem: Buffer.from(certificate).toString(),
    privateKeyPem: Buffer.from(key).toString(),
  };
  // A crash between the two files leaves the new key with the old certificate.
  return belongTogether(pair, storage.folder) ? pair : undefined;
}

function belongTogether({ certificatePem, privateKeyPem }: Authority, folder: string): boolean {
  try {
    return new NodeCertificate(certificatePem).checkPrivateKey(createPrivateKey(privateKeyPem));
  } catch (error) {
    throw new PlatformError(
      'platform.setting',
      `A certificate or key in ${folder} is damaged. Remove that folder to have new ones made; clients must then trust the new ca.pem.`,
      { cause: error },
    );
  }
}

async function writePair(storage: CaStorage | undefined, name: string, pair: Authority): Promise<void> {
  if (!storage) return;
  await storage.files.makeFolder(storage.folder);
  await storage.files.writeWhole(pathOf(storage, `${name}.key`), [Buffer.from(pair.privateKeyPem)], 0o600);
  await storage.files.writeWhole(pathOf(storage, `${name}.pem`), [Buffer.from(pair.certificatePem)]);
}

function pathOf({ folder }: CaStorage, name: string): string {
  return `${folder}/${name}`;
}
