export interface HexLine {
  readonly offset: string;
  readonly hex: string;
  readonly text: string;
}

const perLine = 16;

/** Lines of a hex dump: offset, bytes in two groups of eight, and what of them is printable. */
export function hexDump(hex: string): HexLine[] {
  const bytes = hex.match(/../g) ?? [];
  const lines: HexLine[] = [];
  for (let start = 0; start < bytes.length; start += perLine) {
    const line = bytes.slice(start, start + perLine);
    const left = line.slice(0, 8).join(' ');
    const right = line.slice(8).join(' ');
    lines.push({
      offset: start.toString(16).padStart(4, '0'),
      hex: right === '' ? left : `${left}  ${right}`,
      text: line.map(printable).join(''),
    });
  }
  return lines;
}

function printable(byte: string): string {
  const code = Number.parseInt(byte, 16);
  return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : '·';
}
