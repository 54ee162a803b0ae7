import { scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { type RandomSource, randomHex } from '../platform/random.ts';

const derive = promisify<string, Buffer, number, { N: number; r: number; p: number }, Buffer>(scrypt);

/** Cost of scrypt (RFC 7914): 16 MiB and some 50 ms for each try. */
const cost = { N: 16_384, r: 8, p: 1 };
const saltBytes = 16;
const hashBytes = 32;

/** What is kept of a password: `scrypt$N$r$p$salt$hash`, the last two in base64; the salt is its own. */
export async function hashPassword(password: string, random: RandomSource): Promise<string> {
  const salt = Buffer.from(random.bytes(saltBytes));
  const hash = await derive(password.normalize('NFC'), salt, hashBytes, cost);
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64'), hash.toString('base64')].join('$');
}

/** Nobody's password. Checked when there is no such user, so that it takes as long as when there is one. */
const nobody = `scrypt$${cost.N}$${cost.r}$${cost.p}$${Buffer.alloc(saltBytes).toString('base64')}$${Buffer.alloc(hashBytes).toString('base64')}`;

/** @param kept what {@link hashPassword} gave; undefined: there is no such user, and the answer is false. */
export async function isPassword(password: string, kept: string | undefined): Promise<boolean> {
  const [, N, r, p, salt = '', hash = ''] = (kept ?? nobody).split('$');
  const wanted = Buffer.from(hash, 'base64');
  const options = { N: Number(N), r: Number(r), p: Number(p) };
  const given = await derive(password.normalize('NFC'), Buffer.from(salt, 'base64'), wanted.length, options);
  return timingSafeEqual(given, wanted) && kept !== undefined;
}

/** A password that fulfils the rules of manual 4.2, with 96 random bits. */
export function makePassword(random: RandomSource): string {
  return `Fb1-${randomHex(random, 12)}`;
}
