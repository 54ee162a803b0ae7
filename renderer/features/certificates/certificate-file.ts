/** What the API takes of a file: PEM as it is, DER as Base64. */
export async function readCertificateFile(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const text = new TextDecoder('latin1').decode(bytes);
  return /^[\t\n\r\x20-\x7e]*$/.test(text) ? text : btoa(text);
}
