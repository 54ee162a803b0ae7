import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs a program to its end. Rejects with a text for people when it is not installed. */
export async function run(
  program: string,
  ...args: string[]
): Promise<{ code: number | null; output: string }> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => output.push(text));
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', () => reject(new Error(`${program} is not installed; these tests need it`)));
    child.on('close', resolve);
  });
  return { code, output: output.join('') };
}

export interface CertificateRequest {
  /** In the form of openssl: `/O=Demo/CN=dev1`. */
  readonly subject: string;
  /** Lines of an extension section; none by default, as `openssl x509 -req` makes device certificates. */
  readonly extensions?: readonly string[];
  /** Who signs; the certificate itself when not given. */
  readonly by?: Issued;
  /** What `openssl genpkey` is asked for; P-256 by default. */
  readonly key?: readonly string[];
  /** Another certificate's key is used again, as when a CA renews its certificate. */
  readonly keyOf?: Issued;
  readonly digest?: string;
  /** A day ago by default. */
  readonly fromMs?: number;
  /** In a year by default. */
  readonly toMs?: number;
}

/** A certificate and its key, in files and in memory; all PEM. */
export interface Issued {
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly certificate: string;
  readonly key: string;
}

const dayMs = 24 * 3600 * 1000;
export const rsa2048 = ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'];
const p256 = ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
/** What the manual, 6.3.4.1, asks of a CA. */
export const caExtensions = ['basicConstraints=CA:TRUE', 'keyUsage=keyCertSign'];

/** A configuration of its own for each certificate, so that several may be made at a time. */
function configurationFor(folder: string, index: string, extensions: readonly string[]): string {
  return `
[ca]
default_ca = issue
[issue]
database = ${index}
new_certs_dir = ${folder}
rand_serial = yes
policy = anything
x509_extensions = extensions
[anything]
commonName = optional
[extensions]
${extensions.join('\n')}
`;
}

/** Makes certificates with the real openssl, in a folder of its own. */
export class OpensslPki {
  readonly folder: string;
  private count = 0;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async start(): Promise<OpensslPki> {
    return new OpensslPki(await mkdtemp(join(tmpdir(), 'fleetbench-pki-')));
  }

  stop(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** @returns the path of the new file */
  async write(name: string, text: string): Promise<string> {
    await writeFile(this.path(name), text);
    return this.path(name);
  }

  /** @throws Error with what openssl said when it did not do it. */
  async openssl(...args: string[]): Promise<string> {
    const { code, output } = await run('openssl', ...args);
    if (code !== 0) throw new Error(`openssl ${args.join(' ')}: ${output}`);
    return output;
  }

  async issue(request: CertificateRequest): Promise<Issued> {
    const name = `${++this.count}`;
    const [keyFile, csr, certificateFile, configuration, index] = ['key', 'csr', 'pem', 'cnf', 'index'].map(
      (ending) => this.path(`${name}.${ending}`),
    ) as [string, string, string, string, string];
    if (request.keyOf) await writeFile(keyFile, request.keyOf.key);
    else await this.openssl('genpkey', ...(request.key ?? p256), '-out', keyFile);
    await this.openssl('req', '-new', '-utf8', '-key', keyFile, '-subj', request.subject, '-out', csr);
    await writeFile(configuration, configurationFor(this.folder, index, request.extensions ?? []));
    await writeFile(index, '');
    const nowMs = Date.now();
    await this.openssl(
      ...['ca', '-config', configuration, '-batch', '-notext', '-preserveDN', '-utf8'],
      ...['-in', csr, '-out', certificateFile, '-md', request.digest ?? 'sha256'],
      ...['-startdate', stamp(request.fromMs ?? nowMs - dayMs)],
      ...['-enddate', stamp(request.toMs ?? nowMs + 365 * dayMs)],
      ...(request.by
        ? ['-cert', request.by.certificateFile, '-keyfile', request.by.keyFile]
        : ['-selfsign', '-keyfile', keyFile]),
    );
    const [certificate, key] = await Promise.all([
      readFile(certificateFile, 'utf8'),
      readFile(keyFile, 'utf8'),
    ]);
    return { certificateFile, keyFile, certificate, key };
  }

  /** A CA as the manual makes one, under this name. */
  ca(commonName: string, more: Partial<CertificateRequest> = {}): Promise<Issued> {
    return this.issue({ subject: `/CN=${commonName}`, extensions: caExtensions, ...more });
  }

  /** A device certificate as the manual makes one: a common name, and no extensions. */
  device(commonName: string, by: Issued, more: Partial<CertificateRequest> = {}): Promise<Issued> {
    return this.issue({ subject: `/CN=${commonName}`, by, ...more });
  }
}

/** The form of a date that openssl takes: YYYYMMDDHHMMSSZ. */
function stamp(timeMs: number): string {
  return `${new Date(timeMs).toISOString().replace(/\D/g, '').slice(0, 14)}Z`;
}
