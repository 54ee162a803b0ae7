import { invalidParameter } from '../../core/contract/invalid-parameter.ts';
import type { Turn } from './turn.ts';

type Part = (turn: Turn) => string;

const number = /^-?\d+(\.\d+)?$/;

/**
 * Text with places to fill: `{{n}}` number of the message, `{{device}}` client id, `{{time}}` date in ISO 8601,
 * `{{random min max}}` a number with as many decimals as the bounds are written with.
 * @throws PlatformError `api.invalidParameter` that names the line and column of what it does not know
 */
export function textTemplate(text: string): (turn: Turn) => string {
  const parts: Part[] = [];
  let end = 0;
  for (let begin = text.indexOf('{{'); begin >= 0; begin = text.indexOf('{{', end)) {
    const literal = text.slice(end, begin);
    const close = text.indexOf('}}', begin);
    if (close < 0) throw wrong(text, begin, 'is not closed by }}');
    parts.push(() => literal, placeAt(text, begin, text.slice(begin + 2, close)));
    end = close + 2;
  }
  const rest = text.slice(end);
  return (turn) => parts.map((part) => part(turn)).join('') + rest;
}

function placeAt(text: string, begin: number, content: string): Part {
  const [name = '', ...bounds] = content.trim().split(/\s+/);
  if (name !== 'random' && bounds.length > 0)
    throw wrong(text, begin, `: ${name} takes nothing after its name`);
  switch (name) {
    case 'n':
      return ({ n }) => String(n);
    case 'device':
      return ({ device }) => device;
    case 'time':
      return ({ timeMs }) => new Date(timeMs).toISOString();
    case 'random':
      return randomBetween(text, begin, bounds);
    default:
      throw wrong(text, begin, 'is not known; there are n, device, time and random min max');
  }
}

function randomBetween(text: string, begin: number, bounds: readonly string[]): Part {
  const [min, max] = bounds.map(Number);
  if (
    bounds.length !== 2 ||
    !bounds.every((bound) => number.test(bound)) ||
    min === undefined ||
    max === undefined
  ) {
    throw wrong(text, begin, 'needs two numbers, such as {{random 10 30.5}}');
  }
  if (min > max) throw wrong(text, begin, `: ${bounds[0]} is above ${bounds[1]}`);
  const decimals = Math.max(...bounds.map((bound) => bound.split('.')[1]?.length ?? 0));
  if (decimals > mostDecimals) throw wrong(text, begin, `has more than ${mostDecimals} decimals`);
  const factor = 10 ** decimals;
  const steps = Math.round((max - min) * factor) + 1;
  return ({ random }) => {
    const drawn = min + Math.floor(random.fraction() * steps) / factor;
    return drawn.toFixed(decimals).replace(/^-(0(?:\.0+)?)$/, '$1');
  };
}

const mostDecimals = 10;

function wrong(text: string, begin: number, what: string) {
  const before = text.slice(0, begin).split('\n');
  const place = `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
  const shown = text.slice(begin, begin + 40).split(/(?<=\}\})|\n/)[0] ?? '';
  return invalidParameter(`payload.text: ${place}: ${shown} ${what}`.replace(' :', ':'));
}
